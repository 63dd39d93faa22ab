/** The commands of reports: their names, options and help. */
import { type Command, Option } from 'commander';
import {
  type CalendarKind,
  EXPORT_FORMATS,
  type ExportFormat,
  REPORT_KINDS,
} from '../../contracts/reports/vocabulary.ts';
import { getReport, listReports, type ListReportsOptions, type WriteOptions, writeReport } from './commands.ts';
import type { CliDomainWithPorts } from '../domain.ts';
import { UsageError, type Run } from '../terminal/context.ts';
import { pageSize } from '../terminal/numbers.ts';
import { openReportPorts, type ReportPorts, type ReportContext } from './ports.ts';
import { jsonFlag, outputForm, waitFlag } from '../terminal/options.ts';

interface CalendarCommandOptions extends WriteOptions {
  readonly date?: string;
  readonly timeZone?: string;
  readonly email?: string;
}

interface RunOptions extends WriteOptions {
  readonly user?: string;
  readonly timeZone?: string;
  readonly email?: string;
}

interface ExportOptions extends WriteOptions {
  readonly user?: string;
  readonly all?: boolean;
  readonly timeZone?: string;
  readonly format: ExportFormat;
  readonly email: string;
}

const DAYS = 'YYYY-MM-DD';

/** Adds `perennial report` with its commands. */
export const reports: CliDomainWithPorts<ReportPorts> = {
  openPorts: openReportPorts,
  addCommands(program, context, run) {
    const report = program.command('report').description('reports about documents: write, list and fetch them');
    addCalendar(report, context, run);
    addOnDemand(report, context, run);
    addKept(report, context, run);
  },
};

const writing = (command: Command): Command =>
  command.addOption(waitFlag()).addOption(outputForm()).addOption(jsonFlag());

function addCalendar(report: Command, context: ReportContext, run: Run): void {
  const kinds: readonly (readonly [CalendarKind, string])[] = [
    ['daily', 'day'],
    ['weekly', 'ISO week'],
    ['monthly', 'month'],
  ];
  for (const [kind, unit] of kinds)
    writing(report.command(kind).description(`mail the report about a ${unit}; without --date about the previous one`))
      .option('--date <day>', `any day of the ${unit}, ${DAYS}`)
      .option('--time-zone <name>', 'IANA time zone in which days are counted')
      .option('--email <address>', 'who gets it; default ADMIN_EMAIL')
      .action(({ date, timeZone, email, ...options }: CalendarCommandOptions) =>
        run(writeReport(context, { kind, date, timeZone, email }, options)),
      );
}

function addOnDemand(report: Command, context: ReportContext, run: Run): void {
  const days = (command: Command): Command =>
    command.argument('<start>', `first day, ${DAYS}`).argument('<end>', `last day, included, ${DAYS}`);
  writing(
    days(report.command('user').description('keep the report of one user').argument('<user>', 'id of a user')),
  ).action((userId: string, start: string, end: string, options: WriteOptions) =>
    run(writeReport(context, { kind: 'user', userId, start, end }, options)),
  );
  writing(days(report.command('run').description('mail a report about any days')))
    .option('--user <id>', 'only the documents of this user')
    .option('--time-zone <name>', 'IANA time zone in which days are counted')
    .option('--email <address>', 'who gets it; default: the user, else ADMIN_EMAIL')
    .action((start: string, end: string, { user: userId, timeZone, email, ...options }: RunOptions) =>
      run(writeReport(context, { kind: 'period', start, end, userId, timeZone, email }, options)),
    );
  writing(days(report.command('export').description('mail the documents of some days as a file')))
    .option('--user <id>', 'the documents of this user')
    .option('--all', 'the documents of everybody')
    .option('--time-zone <name>', 'IANA time zone in which days are counted')
    .addOption(new Option('--format <format>', 'form of the file').choices(EXPORT_FORMATS).makeOptionMandatory())
    .requiredOption('--email <address>', 'who gets it')
    .action((start: string, end: string, options: ExportOptions) => run(exportRows(context, start, end, options)));
}

/** Requires the user or `--all`, so that nobody exports the rows of all users by accident. */
async function exportRows(
  context: ReportContext,
  start: string,
  end: string,
  { user, all, timeZone, format, email, ...options }: ExportOptions,
): Promise<number> {
  if ((user === undefined) === (all === undefined))
    throw new UsageError('Name either a user with --user ID, or everybody with --all.');
  return writeReport(context, { kind: 'export', userId: user ?? null, start, end, timeZone, format, email }, options);
}

function addKept(report: Command, context: ReportContext, run: Run): void {
  report
    .command('list')
    .description('reports and exports, newest first')
    .option('--user <id>', 'only those about this user')
    .addOption(new Option('--kind <kind>', 'only these').choices(REPORT_KINDS))
    .addOption(new Option('--limit <n>', 'reports per page').argParser(pageSize).default(50))
    .option('--after <id>', 'go on behind this report')
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((options: ListReportsOptions) => run(listReports(context, options)));
  report
    .command('get')
    .description('the file of a report')
    .argument('<id>', 'id of a report')
    .option('--file <file>', 'write to a file')
    .action((id: string, options: { file?: string }) => run(getReport(context, id, options)));
}
