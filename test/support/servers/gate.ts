/** A way to a server on which a test can stop: requests are passed on, and answers wait for as long as the test wants. */
import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that was passed on. */
export interface PassedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Status that the server answered with; `undefined` before it did, and for ever when it died first. */
  status: number | undefined;
  /** Whether the answer went on to whoever asked. */
  isAnswered: boolean;
}

/** A running gate. */
export interface Gate {
  readonly url: string;
  /** All requests, in the order in which they came. */
  readonly passed: readonly PassedRequest[];
  /** Keeps the answers to later requests for which `isHeld` is true, instead of those that were named before. */
  hold(isHeld: (request: PassedRequest) => boolean): void;
  /** Ends the connections whose answers are kept, as the death of the server would, and keeps no others. */
  cut(): void;
  close(): Promise<void>;
}

/** Opens a gate to a server, whose address is asked for with each request. */
export async function openGate(address: () => string): Promise<Gate> {
  const passed: PassedRequest[] = [];
  const held: ServerResponse[] = [];
  let isHeld: (request: PassedRequest) => boolean = () => false;
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: path = '/' } = request;
    const body = await bytesOf(request);
    const one: PassedRequest = { method, path, body: body.toString(), status: undefined, isAnswered: false };
    passed.push(one);
    const answer = await answerOf(new URL(path, address()), request, body);
    const content = await bytesOf(answer);
    one.status = answer.statusCode;
    if (isHeld(one)) {
      held.push(response);
      return;
    }
    one.isAnswered = !response.destroyed;
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(content);
  };
  const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  return {
    url: `http://127.0.0.1:${String(port)}`,
    passed,
    hold: (match) => {
      isHeld = match;
    },
    cut: () => {
      isHeld = () => false;
      for (const response of held.splice(0)) response.destroy();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerOf(url: URL, { method, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Of each request its own, so that one which lost its server does not end another.
    send(url, { method, headers, agent: false }, resolve).once('error', reject).end(body);
  });
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer); // without an encoding, chunks are buffers
  return Buffer.concat(parts);
}
