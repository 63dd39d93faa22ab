/** Answers to GET have an ETag, so that who asks again and again is told "unchanged" in place of the same bytes. */
import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';

/**
 * Tags each whole answer; Express compares the tag with `If-None-Match` and answers 304. Streams have no tag: theirs
 * would be known too late.
 */
export const tagAnswer: RequestHandler = (_request, response, next) => {
  // A cache may keep an answer for its own user, and asks before it uses it.
  response.set('cache-control', 'private, no-cache');
  const send = response.send.bind(response);
  response.send = (body?: unknown) => {
    const isBytes = typeof body === 'string' || Buffer.isBuffer(body);
    if (isBytes && response.statusCode === 200) response.set('etag', etagOf(body));
    return send(body);
  };
  next();
};

/** A weak tag, because compression changes the bytes and not what they say. */
function etagOf(body: string | Buffer): string {
  return `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}
