/** Rules of imports for the domains that are plug-ins: they do what a user's own plug-in can do. */
const fs = require('node:fs');
const path = require('node:path');

const REPOSITORY = path.join(__dirname, '../..');

/** Domains that are plug-ins: those of contracts/pluggable.ts. */
const PLUGGABLE = 'ai|billing|data|documents|email|imports|media|messages|reports';

/** The modules by which an application imports the package; `scripts/package/entries.ts` has the same. */
const ENTRIES = ['define', 'client', 'canvas', 'contracts', 'workflows/calls', 'testing'].map(
  (name) => `${name}/index.ts`,
);

/** What an application can import: the entries, and the modules whose exports they pass on. */
const PUBLIC = ENTRIES.flatMap((entry) => {
  const text = fs.readFileSync(path.join(REPOSITORY, entry), 'utf8');
  const passedOn = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, name]) =>
    path.posix.join(path.posix.dirname(entry), name),
  );
  return [entry, ...passedOn];
});

/**
 * What still parts the domains from a user's plug-in, by the layer that imports it: nothing is added to it, and what becomes
 * public, or is no longer imported, leaves it. `test/architecture/imports.test.ts` tells of what can leave.
 */
const OTHERS = {
  workflows: [
    'concurrency/chunks.ts',
    'concurrency/window.ts',
    'contracts/documents/vocabulary.ts',
    'contracts/values/markup.ts',
    'contracts/values/units.ts',
    'workflows/calls/due-at.ts',
    'workflows/calls/kept-steps.ts',
    'workflows/documents/batch-ocr.ts',
    'workflows/documents/shapes.ts',
    'workflows/email/shapes.ts',
    'workflows/email/user-mailing.ts',
    'workflows/failures.ts',
    'workflows/shape.ts',
  ],
  activities: [
    'activities/housekeeping/look.ts',
    'activities/shell/activities-of.ts',
    'activities/shell/manifest-lines.ts',
    'activities/shell/read-blob.ts',
    'concurrency/window.ts',
    'contracts/documents/vocabulary.ts',
    'contracts/values/email-address.ts',
    'contracts/values/instant.ts',
    'contracts/values/units.ts',
  ],
  contracts: [
    'contracts/breakers/vocabulary.ts',
    'contracts/documents/schema.ts',
    'contracts/domain.ts',
    'contracts/email/schema.ts',
    'contracts/failures/schema.ts',
    'contracts/housekeeping/schema.ts',
    'contracts/housekeeping/tasks.ts',
    'contracts/queues/names.ts',
    'contracts/tasks/definition.ts',
    'contracts/tasks/policies.ts',
    'contracts/tasks/time-limits.ts',
    'contracts/values/blobs.schema.ts',
    'contracts/values/email-address.ts',
    'contracts/values/instant.schema.ts',
    'contracts/values/printable.ts',
    'contracts/values/time-zone.schema.ts',
    'contracts/values/units.ts',
  ],
};

/** Of `layer`, a domain that is a plug-in imports its own folders, what a user's plug-in could import, and `others`. */
function plugInImports(folders, layer, others) {
  const allowed = [...PUBLIC, ...others].map((name) => name.replaceAll('.', '\\.')).join('|');
  return {
    name: `${layer}-plug-in-imports`,
    severity: 'error',
    comment: 'A domain that is a plug-in uses what a user could import; export what it needs, or do without.',
    from: { path: `^${layer}/(${PLUGGABLE})/` },
    to: { path: `^(${folders})/`, pathNot: `^(${folders})/$1/|^(${allowed})$`, dependencyTypesNot: ['type-only'] },
  };
}

/** The rules; `folders` is a pattern of the top-level folders. */
const plugInRules = (folders) => Object.entries(OTHERS).map(([layer, others]) => plugInImports(folders, layer, others));

module.exports = { plugInRules, ENTRIES, OTHERS, PUBLIC };
