// The client's side of a WebSocket, as far as WebDriver BiDi on the loopback interface needs it: text, whole messages.
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';

const opcodes = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 };

function frame(opcode, payload) {
  const mask = randomBytes(4);
  const size = payload.length;
  const head =
    size < 126
      ? Buffer.from([0x80 | opcode, 0x80 | size])
      : size < 65_536
        ? Buffer.from([0x80 | opcode, 0x80 | 126, size >> 8, size & 255])
        : Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | 127]), bigEndian64(size)]);
  const masked = Buffer.from(payload);
  for (let index = 0; index < size; index++) masked[index] ^= mask[index & 3];
  return Buffer.concat([head, mask, masked]);
}

function bigEndian64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** @returns the first frame of the bytes, or null while it is incomplete; a server's frames have no mask */
function readFrame(bytes) {
  if (bytes.length < 2) return null;
  let at = 2;
  let size = bytes[1] & 0x7f;
  if (size === 126) {
    if (bytes.length < 4) return null;
    size = bytes.readUInt16BE(2);
    at = 4;
  } else if (size === 127) {
    if (bytes.length < 10) return null;
    size = Number(bytes.readBigUInt64BE(2));
    at = 10;
  }
  if (bytes.length < at + size) return null;
  return { isLast: (bytes[0] & 0x80) !== 0, opcode: bytes[0] & 15, payload: bytes.subarray(at, at + size), end: at + size };
}

/** @param {{ onText: (text: string) => void, onClose: () => void }} told */
export function openWebSocket(port, path, { onText, onClose }) {
  return new Promise((resolve, reject) => {
    const asking = request({
      host: '127.0.0.1',
      port,
      path,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      },
    });
    asking.on('error', reject);
    asking.on('response', ({ statusCode }) => reject(new Error(`No WebSocket there: ${statusCode}.`)));
    asking.on('upgrade', (_, socket, head) => {
      let bytes = head;
      let parts = [];
      const take = () => {
        for (let found = readFrame(bytes); found !== null; found = readFrame(bytes)) {
          bytes = bytes.subarray(found.end);
          if (found.opcode === opcodes.ping) socket.write(frame(opcodes.pong, found.payload));
          else if (found.opcode === opcodes.close) socket.end();
          else if (found.opcode === opcodes.text || found.opcode === opcodes.continuation) {
            parts.push(found.payload);
            if (!found.isLast) continue;
            const text = Buffer.concat(parts).toString();
            parts = [];
            onText(text);
          }
        }
      };
      socket.on('data', (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        take();
      });
      socket.on('error', () => undefined);
      socket.on('close', onClose);
      take();
      resolve({ send: (text) => socket.write(frame(opcodes.text, Buffer.from(text))), close: () => socket.destroy() });
    });
    asking.end();
  });
}
