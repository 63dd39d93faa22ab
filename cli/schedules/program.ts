/** The commands of schedules: their names, options and help. */
import { type Command, Option } from 'commander';
import { OVERLAPS } from '../../contracts/schedules/vocabulary.ts';
import type { BackfillOptions, MissedOptions, NextCommandOptions, ScheduleOptions } from './commands.ts';
import type { CliDomainWithPorts } from '../domain.ts';
import type { Run } from '../terminal/context.ts';
import { number, wholeNumber } from '../terminal/numbers.ts';
import { openSchedulePorts, type SchedulePorts, type ScheduleContext } from './ports.ts';
import { jsonFlag, outputForm, reasonOption } from '../terminal/options.ts';

/** Adds `perennial schedules`. */
export const schedules: CliDomainWithPorts<SchedulePorts> = {
  openPorts: openSchedulePorts,
  addCommands(program, context, run) {
    const group = program.command('schedules').description('what is started by the clock');
    addLooks(group, context, run);
    addChanges(group, context, run);
    addSteering(group, context, run);
  },
};

function addLooks(schedules: Command, context: ScheduleContext, run: Run): void {
  const json = (command: Command): Command => command.addOption(outputForm()).addOption(jsonFlag());
  json(schedules.command('list').description('all schedules of the server')).action(() =>
    run(import('./commands.ts').then(({ list }) => list(context))),
  );
  json(
    schedules.command('show').description('everything about one schedule').argument('<schedule>', 'its name'),
  ).action((id: string, options: { json?: boolean }) =>
    run(import('./commands.ts').then(({ show }) => show(context, id, options))),
  );
  json(withTiming(schedules.command('next').description('times to come, with changes of clocks marked')))
    .argument('[schedule]', 'its name; or say a timing with the options')
    .addOption(new Option('--count <n>', 'how many').argParser(wholeNumber(1)).default(10))
    .option('--after <time>', 'ISO time to start from; default now')
    .option('--show-in <zone>', 'time zone in which they are shown; default that of the schedule')
    .action((id: string | undefined, options: NextCommandOptions) =>
      run(import('./commands.ts').then(({ next }) => next(context, id, options))),
    );
  json(schedules.command('missed').description('due times that were skipped or missed, with the reason'))
    .argument('[schedule]', 'its name; default all')
    .option('--all', 'those that ran as well')
    .addOption(new Option('--limit <n>', 'how many').argParser(wholeNumber(1)).default(50))
    .action((id: string | undefined, options: MissedOptions) =>
      run(import('./commands.ts').then(({ missed }) => missed(context, id, options))),
    );
}

function withTiming(command: Command): Command {
  return command
    .option('--cron <line>', "five fields, for example '0 2 * * MON-FRI'; restricted days are joined by OR")
    .option('--crontab <json>', `Celery's crontab, for example '{"hour": 8, "minute": 0}'; days are joined by AND`)
    .addOption(new Option('--every <seconds>', 'a fixed distance, counted from 1970').argParser(wholeNumber(1)))
    .option('--solar <event,lat,lon>', 'for example sunrise,40.7128,-74.0060')
    .option('--at <time>', 'a single time, ISO 8601; without an offset it is UTC')
    .option('--zone <name>', 'IANA time zone of --cron and --crontab; default UTC')
    .option('--once-a-day', 'once on each day, also where the clock repeats or skips the time')
    .option('--no-once-a-day', 'as the server does it')
    .option('--start <time>', 'not due before this time')
    .option('--no-start', 'without a start')
    .option('--end <time>', 'not due after this time')
    .option('--no-end', 'without an end')
    .option('--one-off', 'finished after the first due time')
    .option('--no-one-off', 'again and again');
}

function withDefinition(command: Command): Command {
  return withTiming(command)
    .option('--task <name>', 'task that is started')
    .option('--input <json>', 'its input')
    .option('--workflow <name>', 'workflow that is started')
    .option('--canvas <json>', "canvas that is run, as Celery's JSON or @file")
    .option('--args <json>', 'positional arguments, a JSON array')
    .option('--kwargs <json>', 'named arguments of a task or canvas, a JSON object')
    .option('--queue <name>', 'queue of the task')
    .addOption(new Option('--priority <n>', 'of the task, 1 to 10, 10 first').argParser(wholeNumber(1, 10)))
    .addOption(new Option('--expires <seconds>', 'not begun later than this after the due time').argParser(number))
    .option('--options <json>', 'further options of the task or canvas, a JSON object')
    .option('--purpose <text>', 'what it is for')
    .addOption(new Option('--overlap <policy>', 'while the run before is going on').choices(OVERLAPS))
    .addOption(new Option('--catchup <seconds>', 'make up for due times no older than this').argParser(wholeNumber(1)))
    .addOption(new Option('--jitter <seconds>', 'delay each start by up to this').argParser(wholeNumber(0)))
    .addOption(outputForm())
    .addOption(jsonFlag());
}

function addChanges(schedules: Command, context: ScheduleContext, run: Run): void {
  schedules
    .command('sync')
    .description('bring the server to the folder schedules/')
    .option('--dry-run', 'only show the difference')
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((options: { dryRun?: boolean; json?: boolean }) =>
      run(import('./commands.ts').then(({ sync }) => sync(context, options))),
    );
  withDefinition(schedules.command('add').description('add a schedule; the same one again is no error'))
    .argument('<name>', 'of the new schedule')
    .option('--paused', 'start nothing until it is resumed')
    .action((id: string, options: ScheduleOptions) =>
      run(import('./commands.ts').then(({ add }) => add(context, id, options))),
    );
  withDefinition(schedules.command('update').description('change a schedule that was added'))
    .argument('<schedule>', 'its name')
    .action((id: string, options: ScheduleOptions) =>
      run(import('./commands.ts').then(({ update }) => update(context, id, options))),
    );
  schedules
    .command('remove')
    .description('remove a schedule that was added; runs under way go on')
    .argument('<schedule>', 'its name')
    .action((id: string) => run(import('./commands.ts').then(({ remove }) => remove(context, id))));
  schedules
    .command('user-report')
    .description('report to a user every morning at 8 of the user’s time zone')
    .argument('<user>', 'id of a user')
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((user: string, options: { json?: boolean }) =>
      run(import('./commands.ts').then(({ userReport }) => userReport(context, user, options))),
    );
}

function addSteering(schedules: Command, context: ScheduleContext, run: Run): void {
  const verbs = [
    { name: 'pause', description: 'start nothing until it is resumed' },
    { name: 'resume', description: 'go on; due times of the pause are not made up for' },
  ] as const;
  for (const { name, description } of verbs) {
    schedules
      .command(name)
      .description(description)
      .argument('<schedule>', 'its name')
      .addOption(reasonOption().makeOptionMandatory())
      .action((id: string, options: { reason: string }) =>
        run(import('./commands.ts').then((commands) => commands[name](context, id, options.reason))),
      );
  }
  schedules
    .command('trigger')
    .description('start a run now, also while paused')
    .argument('<schedule>', 'its name')
    .action((id: string) => run(import('./commands.ts').then(({ trigger }) => trigger(context, id))));
  schedules
    .command('backfill')
    .description('make up for due times of the past')
    .argument('<schedule>', 'its name')
    .requiredOption('--from <time>', 'ISO time, included')
    .requiredOption('--to <time>', 'ISO time, included')
    .addOption(new Option('--overlap <policy>', 'default: one after the other').choices(OVERLAPS))
    .option('--dry-run', 'only list the times')
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((id: string, options: BackfillOptions) =>
      run(import('./commands.ts').then(({ backfill }) => backfill(context, id, options))),
    );
}
