/** Sets the times in a ZIP archive, which a workbook is. */

const END = 0x06054b50;
const END_BYTES = 22;
/** 1 January 1980, midnight: the earliest time of the format. */
const FIRST_DAY = 0x0021_0000;

/**
 * Sets the time of every file in an archive to the earliest of the format, in place, so that the same rows give the
 * same bytes whenever they are written.
 * @param archive - as the writer of workbooks makes it: without a trailing comment, below 4 GB
 * @throws TypeError for anything else
 */
export function forgetTimes(archive: Buffer): void {
  const end = archive.length - END_BYTES;
  if (end < 0 || archive.readUInt32LE(end) !== END) throw new TypeError('expected a ZIP archive without a comment');
  const entries = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let entry = 0; entry < entries; entry += 1) {
    const [name, extra, comment] = [28, 30, 32].map((field) => archive.readUInt16LE(at + field));
    archive.writeUInt32LE(FIRST_DAY, at + 12);
    archive.writeUInt32LE(FIRST_DAY, archive.readUInt32LE(at + 42) + 10);
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
}
