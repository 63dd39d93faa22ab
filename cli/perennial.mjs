#!/usr/bin/env node
// Starts the command line tool: registers the TypeScript loader, then runs main.ts.
import { register } from 'tsx/esm/api';

register();
await import('./main.ts');
