// The npm library "jose" as an oracle. Reads one request as JSON from standard input, writes one reply as JSON:
//   {"verify":[{token, jwk | secret, alg, typ}]}  ->  [{payload, header, thumbprint} | {error}]
//   {"sign":[{alg, typ, payload}]}                ->  [{token, jwk | secret, pkcs8, thumbprint}]
import { randomBytes } from 'node:crypto';
import * as jose from 'jose';

async function verify({ token, jwk, secret, alg, typ }) {
  const key = secret ? jose.base64url.decode(secret) : await jose.importJWK(jwk, alg);
  try {
    const { payload, protectedHeader } = await jose.compactVerify(token, key, { algorithms: [alg] });
    if (typ && protectedHeader.typ !== typ) return { error: 'typ' };
    return {
      payload: jose.base64url.encode(payload),
      header: protectedHeader,
      thumbprint: jwk ? await jose.calculateJwkThumbprint(jwk) : null,
    };
  } catch (error) {
    if (!(error instanceof jose.errors.JOSEError)) throw error;
    return { error: error.code };
  }
}

async function sign({ alg, typ, payload }) {
  const header = typ ? { alg, typ } : { alg };
  const signer = new jose.CompactSign(new TextEncoder().encode(payload)).setProtectedHeader(header);
  if (alg === 'HS256') {
    const secret = randomBytes(32);
    return { token: await signer.sign(secret), secret: jose.base64url.encode(secret) };
  }
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  const jwk = await jose.exportJWK(publicKey);
  return {
    token: await signer.sign(privateKey),
    jwk,
    pkcs8: await jose.exportPKCS8(privateKey),
    thumbprint: await jose.calculateJwkThumbprint(jwk),
  };
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const request = JSON.parse(Buffer.concat(chunks).toString('utf8'));
const replies = request.verify ? await Promise.all(request.verify.map(verify)) : await Promise.all(request.sign.map(sign));
process.stdout.write(JSON.stringify(replies));
