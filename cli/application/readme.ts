/** `README.md` of a first application: the way from here to a first task of one's own, and to production. */

/** The text. */
export const README = `# An application of Perennial

\`\`\`sh
npm install
npm test               # tasks and a chord, without a server
npx perennial dev      # everything on this machine: Temporal, PostgreSQL, a worker, the API
\`\`\`

In another terminal, while that runs:

\`\`\`sh
npx tsx call.ts
npx perennial tasks call text.countWords --input '{"text": "one two three"}' --wait
npx perennial canvas start text.totalOf --input '{"texts": ["one two", "three"]}' --wait
\`\`\`

## A task of your own

1. Write it in \`tasks/texts.ts\`, or in a new file of \`tasks/\`: a contract (name, queue, input, output) and a body. Export it.
2. Add a test beside it; \`npm test\` runs it.
3. \`npx perennial check\` lists everything that is wrong. \`perennial dev\` runs the new code as soon as you save.

| file | what it holds |
| --- | --- |
| \`perennial.config.ts\` | queues, and the fleets that serve them |
| \`tasks/\` | tasks with their tests |
| \`canvases/\` | compositions of tasks that are started by their names |
| \`workflows/\` | workflows that are written by hand |
| \`schedules/\` | what is started by the clock |
| \`call.ts\` | a program that calls tasks |

## In production

\`\`\`sh
npx perennial build                      # checks, and writes dist/: what processes run
cp .env.example .env                     # and fill it in
docker compose up --build --detach       # everything on one machine, as compose.yaml says
docker compose exec api node_modules/.bin/perennial doctor
\`\`\`

The image builds the application itself. Without it, \`npx perennial migrate\` brings the database up to date, then
\`npx perennial worker --fleet rest\`, \`--fleet texts\` and \`npx perennial api\` run one process each; the environment says
against which servers (\`TEMPORAL_ADDRESS\`, \`DATABASE_URL\`). \`npx perennial doctor\` says what is missing.
`;
