// Passkeys (WebAuthn): asks the device, puts its answer into a form, sends the form. Without scripts the forms stay hidden.
const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
const text = buffer => buffer ? btoa(Array.from(new Uint8Array(buffer), b => String.fromCharCode(b)).join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') : '';
const words = list => list ? list.split(' ') : [];

const fill = (form, values) => { for (const [name, value] of Object.entries(values)) form.elements[name].value = value; };
const say = (form, on) => { form.querySelector('[data-passkey-said]').hidden = !on; };

const get = (form, options) => navigator.credentials.get({
  publicKey: { rpId: form.dataset.rp, challenge: bytes(form.dataset.challenge), userVerification: form.dataset.verification, timeout: 300000 },
  ...options,
});

const create = form => navigator.credentials.create({
  publicKey: {
    rp: { id: form.dataset.rp, name: form.dataset.rpName },
    user: { id: bytes(form.dataset.user), name: form.dataset.userName, displayName: form.dataset.displayName },
    challenge: bytes(form.dataset.challenge),
    pubKeyCredParams: words(form.dataset.algorithms).map(alg => ({ type: 'public-key', alg: Number(alg) })),
    excludeCredentials: words(form.dataset.known).map(id => ({ type: 'public-key', id: bytes(id) })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: form.dataset.verification },
    attestation: form.dataset.attestation,
    timeout: 300000,
  },
});

const sendAssertion = (form, { rawId, response }) => {
  fill(form, { id: text(rawId), client_data: text(response.clientDataJSON), data: text(response.authenticatorData), signature: text(response.signature), user_handle: text(response.userHandle) });
  form.requestSubmit();
};

const sendCredential = (form, { rawId, response }) => {
  fill(form, { id: text(rawId), client_data: text(response.clientDataJSON), data: text(response.attestationObject), transports: (response.getTransports?.() ?? []).join(' ') });
  form.requestSubmit();
};

const offerSignIn = async form => {
  let waiting = new AbortController();
  let asking = false;
  form.querySelector('[data-passkey-start]').addEventListener('click', async () => {
    if (asking) return;
    asking = true;
    waiting.abort();
    say(form, false);
    try { sendAssertion(form, await get(form)); } catch { say(form, true); } finally { asking = false; }
  });
  // Autofill: the browser offers passkeys in the field for the address, for as long as the page is open. Not where one was just refused.
  if (form.dataset.autofill === 'off' || !await PublicKeyCredential.isConditionalMediationAvailable?.()) return;
  try { sendAssertion(form, await get(form, { mediation: 'conditional', signal: waiting.signal })); } catch { /* another way was taken */ }
};

const offerRegistration = form => {
  let asking = false;
  form.addEventListener('submit', async event => {
    if (form.elements.id.value) return;
    // Before the handler that lets a form be sent once: nothing is sent yet.
    event.preventDefault();
    event.stopImmediatePropagation();
    if (asking) return;
    asking = true;
    say(form, false);
    try { sendCredential(form, await create(form)); } catch { say(form, true); } finally { asking = false; }
  }, true);
};

// In the form of a password that will do as well: what else the form asks is checked first, the password is left out.
const offerInstead = form => {
  const password = form.elements.password;
  let asking = false;
  const button = form.querySelector('[data-passkey-start]');
  form.querySelector('[data-passkey-panel]').hidden = false;
  if (document.activeElement === document.body) button.focus();
  button.addEventListener('click', async () => {
    if (asking) return;
    say(form, false);
    if (password) password.required = false;
    try {
      if (!form.reportValidity()) return;
      asking = true;
      const made = await create(form);
      if (password) password.value = '';
      form.action = form.dataset.passkeyAction;
      sendCredential(form, made);
    } catch { say(form, true); } finally { asking = false; if (password && !form.elements.id.value) password.required = true; }
  });
};

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false;
    if (form.dataset.passkey === 'get') offerSignIn(form); else if (form.dataset.passkey === 'instead') offerInstead(form); else offerRegistration(form);
  }
  for (const note of document.querySelectorAll('[data-passkey-none]')) note.hidden = true;
  // Removed passkeys disappear from the device's list too, where the browser can tell it.
  const list = document.querySelector('[data-passkeys-accepted]');
  if (list) PublicKeyCredential.signalAllAcceptedCredentials?.({ rpId: list.dataset.rp, userId: list.dataset.user, allAcceptedCredentialIds: words(list.dataset.passkeysAccepted) })?.catch(() => {});
}
