// The npm library "@simplewebauthn/server" as an oracle. Reads one request as JSON from standard input, writes one reply as JSON:
//   {"options":{rpID, rpName, userName}}                             ->  {creation, request}: option documents as a page would be given
//   {"roots":[der], "verify":[{create | get, challenge, origin, topOrigin, rpId, uv, credential, algorithms}]}
//                                                                    ->  [{accepted, error, ...what was read}]
import { generateAuthenticationOptions, generateRegistrationOptions, SettingsService, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';

const bytes = text => Uint8Array.from(Buffer.from(text, 'base64url'));
const text = buffer => Buffer.from(buffer).toString('base64url');

async function verify(item) {
  const common = { expectedChallenge: item.challenge, expectedOrigin: item.origin, expectedRPID: item.rpId, requireUserVerification: item.uv };
  try {
    if (item.create) {
      const { verified, registrationInfo: info } = await verifyRegistrationResponse({ ...common, response: item.create, supportedAlgorithmIDs: item.algorithms });
      if (!verified) return { accepted: false, error: 'not verified' };
      return { accepted: true, id: info.credential.id, key: text(info.credential.publicKey), count: info.credential.counter, aaguid: info.aaguid, format: info.fmt,
        uv: info.userVerified, backupEligible: info.credentialDeviceType === 'multiDevice', backedUp: info.credentialBackedUp };
    }
    const { id, key, count } = item.credential;
    const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({ ...common, expectedTopOrigin: item.topOrigin, response: item.get, credential: { id, publicKey: bytes(key), counter: count } });
    return verified ? { accepted: true, count: info.newCounter, uv: info.userVerified, backedUp: info.credentialBackedUp } : { accepted: false, error: 'not verified' };
  } catch (error) {
    return { accepted: false, error: error.message };
  }
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const request = JSON.parse(Buffer.concat(chunks).toString('utf8'));
if (request.options) {
  const { rpID, rpName, userName } = request.options;
  const creation = await generateRegistrationOptions({ rpID, rpName, userName, attestationType: 'direct', authenticatorSelection: { residentKey: 'required', userVerification: 'required' } });
  process.stdout.write(JSON.stringify({ creation, request: await generateAuthenticationOptions({ rpID, userVerification: 'required' }) }));
} else {
  for (const identifier of ['packed', 'tpm', 'android-key', 'apple', 'fido-u2f']) SettingsService.setRootCertificates({ identifier, certificates: (request.roots ?? []).map(bytes) });
  const replies = [];
  for (const item of request.verify) replies.push(await verify(item));
  process.stdout.write(JSON.stringify(replies));
}
