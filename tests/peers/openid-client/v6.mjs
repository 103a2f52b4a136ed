// openid-client 6, unmodified: everything it can ask of us for a web application, a machine and a browser that signs in and out.
import * as oidc from 'openid-client'
import { Browser } from '../browser.mjs'
import { check, equal, failure, run } from '../steps.mjs'

const insecure = { execute: [oidc.allowInsecureRequests] }
const world = {}

async function begin(config, redirectUri, extra = {}) {
  const verifier = oidc.randomPKCECodeVerifier()
  const state = oidc.randomState()
  const nonce = oidc.randomNonce()
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri, scope: 'openid profile email offline_access', state, nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...extra,
  })
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } }
}

run([
  ['discovery', async ({ issuer, web }) => {
    world.config = await oidc.discovery(new URL(issuer), web.id, web.secret, oidc.ClientSecretBasic(web.secret), insecure)
    equal(world.config.serverMetadata().issuer, issuer, 'issuer')
    check(world.config.serverMetadata().supportsPKCE('S256'), 'PKCE is advertised')
    const rfc8414 = await oidc.discovery(new URL(issuer), web.id, web.secret, undefined, { ...insecure, algorithm: 'oauth2' })
    equal(rfc8414.serverMetadata().token_endpoint, world.config.serverMetadata().token_endpoint, 'RFC 8414 layout')
  }],
  ['prompt=none without a session', async ({ issuer, web }) => {
    const { url, checks } = await begin(world.config, web.redirect_uri, { prompt: 'none' })
    const answer = await new Browser(issuer).walk(url.href)
    const error = await failure(oidc.authorizationCodeGrant(world.config, new URL(answer.location), checks), 'login_required')
    equal(error.error, 'login_required', 'error')
  }],
  ['consent denied', async ({ issuer, web, person }) => {
    const browser = new Browser(issuer)
    const { url, checks } = await begin(world.config, web.redirect_uri)
    browser.consent = (page) => Browser.prototype.consent.call(browser, page, false)
    const { url: callback, seen } = await browser.signIn(url.href, person)
    equal(seen.join(), 'identifier,password,consent', 'what was asked')
    const error = await failure(oidc.authorizationCodeGrant(world.config, callback, checks), 'denied')
    equal(error.error, 'access_denied', 'error')
  }],
  ['code with PKCE', async ({ issuer, web, person }) => {
    world.browser = new Browser(issuer)
    const { url, checks } = await begin(world.config, web.redirect_uri)
    const { url: callback, seen } = await world.browser.signIn(url.href, person)
    equal(seen.join(), 'identifier,password,consent', 'what was asked')
    world.tokens = await oidc.authorizationCodeGrant(world.config, callback, checks)
    world.used = { callback, checks }
    const claims = world.tokens.claims()
    equal(claims.iss, issuer, 'iss')
    equal(claims.aud, web.id, 'aud')
    check(claims.auth_time > 0 && claims.sid, 'auth_time and sid')
    check(world.tokens.refresh_token && world.tokens.expiresIn() > 0, 'refresh token and lifetime')
  }],
  ['userinfo', async ({ person }) => {
    const info = await oidc.fetchUserInfo(world.config, world.tokens.access_token, world.tokens.claims().sub)
    equal(info.email, person.email, 'email')
    equal(info.email_verified, true, 'email_verified')
    equal(info.name, person.name, 'name')
  }],
  ['second authorization is silent, consent is remembered', async ({ web }) => {
    const { url, checks } = await begin(world.config, web.redirect_uri, { prompt: 'none', scope: 'openid profile email' })
    const answer = await world.browser.walk(url.href)
    const tokens = await oidc.authorizationCodeGrant(world.config, new URL(answer.location), checks)
    equal(tokens.claims().sub, world.tokens.claims().sub, 'sub')
  }],
  ['max_age=0 asks again', async ({ web, person }) => {
    // In the same second the new time could equal the old one.
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const { url, checks } = await begin(world.config, web.redirect_uri, { max_age: '0', scope: 'openid' })
    const { url: callback, seen } = await world.browser.signIn(url.href, person)
    check(seen.includes('password'), `the password is asked again: ${seen}`)
    const tokens = await oidc.authorizationCodeGrant(world.config, callback, { ...checks, maxAge: 30 })
    check(tokens.claims().auth_time > world.tokens.claims().auth_time, 'auth_time moved')
  }],
  ['response_mode=form_post', async ({ web }) => {
    const { url, checks } = await begin(world.config, web.redirect_uri, { response_mode: 'form_post', scope: 'openid', prompt: 'none' })
    const page = await world.browser.walk(url.href)
    equal(page.status, 200, 'status')
    const { forms } = await import('../browser.mjs')
    const form = forms(page.html).find((f) => f.action === web.redirect_uri)
    check(form, `a form to the application: ${page.html}`)
    const posted = new Request(web.redirect_uri, { method: 'POST', body: new URLSearchParams(form.fields), headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    const tokens = await oidc.authorizationCodeGrant(world.config, posted, checks)
    equal(tokens.claims().sub, world.tokens.claims().sub, 'sub')
  }],
  ['introspection', async ({ web }) => {
    const active = await oidc.tokenIntrospection(world.config, world.tokens.access_token)
    equal(active.active, true, 'active')
    equal(active.sub, world.tokens.claims().sub, 'sub')
    equal(active.client_id, web.id, 'client_id')
    const nonsense = await oidc.tokenIntrospection(world.config, 'nonsense')
    equal(JSON.stringify(nonsense), '{"active":false}', 'an unknown token')
  }],
  ['refresh', async () => {
    const next = await oidc.refreshTokenGrant(world.config, world.tokens.refresh_token)
    check(next.refresh_token && next.refresh_token !== world.tokens.refresh_token, 'rotated')
    equal((await oidc.tokenIntrospection(world.config, next.access_token)).active, true, 'the new token is active')
    world.latest = next
  }],
  ['revocation', async () => {
    await oidc.tokenRevocation(world.config, world.latest.refresh_token, { token_type_hint: 'refresh_token' })
    const error = await failure(oidc.refreshTokenGrant(world.config, world.latest.refresh_token), 'refresh after revocation')
    equal(error.error, 'invalid_grant', 'error')
    equal((await oidc.tokenIntrospection(world.config, world.latest.access_token)).active, false, 'its access token is dead')
    await oidc.tokenRevocation(world.config, 'nonsense')
  }],
  ['code replay', async () => {
    const error = await failure(oidc.authorizationCodeGrant(world.config, world.used.callback, world.used.checks), 'replay')
    equal(error.error, 'invalid_grant', 'error')
  }],
  ['a foreign code verifier', async ({ web }) => {
    const { url, checks } = await begin(world.config, web.redirect_uri, { prompt: 'none', scope: 'openid' })
    const answer = await world.browser.walk(url.href)
    const error = await failure(oidc.authorizationCodeGrant(world.config, new URL(answer.location), { ...checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() }), 'wrong verifier')
    equal(error.error, 'invalid_grant', 'error')
  }],
  ['client credentials', async ({ issuer, machine, api }) => {
    const config = await oidc.discovery(new URL(issuer), machine.id, machine.secret, oidc.ClientSecretPost(machine.secret), insecure)
    const tokens = await oidc.clientCredentialsGrant(config, { scope: api.scope, resource: api.identifier })
    check(tokens.token_type === 'bearer' && !tokens.refresh_token && !tokens.id_token, 'an access token and nothing else')
    const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1], 'base64url'))
    equal(claims.aud, api.identifier, 'aud')
    equal(claims.sub, machine.id, 'sub')
    const wrong = await oidc.discovery(new URL(issuer), machine.id, undefined, oidc.ClientSecretBasic('wrong'), insecure)
    const error = await failure(oidc.clientCredentialsGrant(wrong, {}), 'wrong secret')
    equal(error.status, 401, 'status')
    equal(error.cause[0].scheme, 'basic', 'the challenge that RFC 6749 §5.2 wants')
  }],
  ['client credentials by private_key_jwt', async ({ issuer, signer, api }) => {
    const key = await crypto.subtle.importKey('pkcs8', Buffer.from(signer.key, 'base64'), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
    const config = await oidc.discovery(new URL(issuer), signer.id, undefined, oidc.PrivateKeyJwt({ key, kid: signer.kid }), insecure)
    const tokens = await oidc.clientCredentialsGrant(config, { scope: api.scope, resource: api.identifier })
    equal(JSON.parse(Buffer.from(tokens.access_token.split('.')[1], 'base64url')).sub, signer.id, 'sub')
    equal((await oidc.tokenIntrospection(config, tokens.access_token)).active, true, 'introspection')
    await oidc.tokenRevocation(config, tokens.access_token)
    equal((await oidc.tokenIntrospection(config, tokens.access_token)).active, false, 'after revocation')
    const other = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
    const wrong = await oidc.discovery(new URL(issuer), signer.id, undefined, oidc.PrivateKeyJwt({ key: other.privateKey, kid: signer.kid }), insecure)
    equal((await failure(oidc.clientCredentialsGrant(wrong, {}), 'another key')).status, 401, 'status')
  }],
  ['RP-initiated logout', async ({ web }) => {
    const { url: fresh, checks } = await begin(world.config, web.redirect_uri, { prompt: 'none' })
    const answer = await world.browser.walk(fresh.href)
    const tokens = await oidc.authorizationCodeGrant(world.config, new URL(answer.location), checks)
    const out = oidc.buildEndSessionUrl(world.config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: web.post_logout_redirect_uri, state: 'bye' })
    const done = await world.browser.walk(out.href)
    equal(done.location, `${web.post_logout_redirect_uri}?state=bye`, 'back at the application')
    const { url, checks: again } = await begin(world.config, web.redirect_uri, { prompt: 'none' })
    const after = await world.browser.walk(url.href)
    equal((await failure(oidc.authorizationCodeGrant(world.config, new URL(after.location), again), 'signed out')).error, 'login_required', 'error')
    equal((await failure(oidc.refreshTokenGrant(world.config, tokens.refresh_token), 'refresh after sign-out')).error, 'invalid_grant', 'the session took its refresh tokens along')
  }],
])
