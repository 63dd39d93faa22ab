/** The commands of media: their names, options and help. */
import { Option } from 'commander';
import { ANIMATION_CHOICES, METADATA_CHOICES } from '../../contracts/media/vocabulary.ts';
import type { CliDomain } from '../domain.ts';
import { jsonFlag, outputForm, waitFlag } from '../terminal/options.ts';
import type { GetOptions, StatusOptions, VariantsOptions } from './commands.ts';

const tenantOption = (): Option => new Option('--tenant <tenant>', 'on whose behalf');

/** Adds `perennial media …`. */
export const media: CliDomain = {
  addCommands(program, context, run) {
    const group = program.command('media').description('variants of pictures: each once for each key');
    group
      .command('variants')
      .description('upload a picture and make thumbnail, web and original of it')
      .argument('<file>', 'a picture')
      .option('--key <key>', 'name of the picture; the same name is the same picture')
      .addOption(tenantOption())
      .option('--variants <list>', 'such as thumbnail,web; default: all')
      .option('--formats <list>', 'such as webp,jpeg; default: all')
      .addOption(new Option('--metadata <what>', 'camera, place and time').choices(METADATA_CHOICES))
      .addOption(new Option('--animation <what>', 'what becomes of a picture that moves').choices(ANIMATION_CHOICES))
      .addOption(waitFlag())
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((file: string, options: VariantsOptions) =>
        run(import('./commands.ts').then(({ makeVariants }) => makeVariants(context, file, options))),
      );
    group
      .command('status')
      .description('where a picture stands, and what was made of it')
      .argument('<key>', 'name of the picture')
      .addOption(tenantOption())
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((key: string, options: StatusOptions) =>
        run(import('./commands.ts').then(({ showStatus }) => showStatus(context, key, options))),
      );
    group
      .command('get')
      .description('write one file of a picture to a file or to standard output')
      .argument('<key>', 'name of the picture')
      .argument('<name>', 'name of the file, such as web.webp')
      .addOption(tenantOption())
      .option('--file <file>', 'write to a file')
      .action((key: string, name: string, options: GetOptions) =>
        run(import('./commands.ts').then(({ getFile }) => getFile(context, key, name, options))),
      );
  },
};
