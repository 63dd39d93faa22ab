#!/usr/bin/env node
// Starts the command line tool of an installed package, which is compiled.
try {
  await import(new URL('../dist/cli/main.js', import.meta.url).href);
} catch (error) {
  const missing =
    error?.code === 'ERR_MODULE_NOT_FOUND' ? /^Cannot find package '([^']+)'/.exec(error.message)?.[1] : undefined;
  if (missing === undefined) throw error;
  process.stderr.write(
    `perennial: the command line needs the package ${missing}, which is not installed. Install it with: npm install ${missing}\n`,
  );
  process.exitCode = 1;
}
