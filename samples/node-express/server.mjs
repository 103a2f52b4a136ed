// A small web application that signs people in through Gatehouse with an unmodified OpenID Connect client library.
import { randomBytes } from 'node:crypto'
import express from 'express'
import session from 'express-session'
import * as oidc from 'openid-client'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT = '3000' } = process.env
if (!ISSUER || !CLIENT_ID || !CLIENT_SECRET) {
  console.error('Set ISSUER, CLIENT_ID and CLIENT_SECRET: the application page of the console shows all three.')
  process.exit(2)
}
const origin = `http://localhost:${PORT}`
const redirectUri = `${origin}/callback`

// Plain http only towards this machine, for development; everything else must be https.
const local = ['localhost', '127.0.0.1'].includes(new URL(ISSUER).hostname)
const config = await oidc.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, undefined,
  { execute: local ? [oidc.allowInsecureRequests] : [] })

const app = express()
app.disable('x-powered-by')
app.use(session({ name: 'sample', secret: randomBytes(32).toString('hex'), resave: false, saveUninitialized: false, cookie: { sameSite: 'lax' } }))

const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
const page = (body) => `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Node sample</title><body style="font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem">${body}</body></html>`

app.get('/', (req, res) => {
  const { user } = req.session
  res.send(page(user
    ? `<h1>Hello, ${escape(user.name ?? user.email ?? user.sub)}</h1><pre>${escape(JSON.stringify(user, null, 2))}</pre><p><a href="/logout">Sign out</a></p>`
    : '<h1>Node sample</h1><p>You are not signed in.</p><p><a href="/login">Sign in</a></p>'))
})

app.get('/login', async (req, res) => {
  const verifier = oidc.randomPKCECodeVerifier()
  const state = oidc.randomState()
  const nonce = oidc.randomNonce()
  req.session.pending = { verifier, state, nonce }
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri, scope: 'openid profile email', state, nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  })
  res.redirect(url.href)
})

app.get('/callback', async (req, res) => {
  const { pending } = req.session
  delete req.session.pending
  if (!pending) return res.redirect('/')
  try {
    const tokens = await oidc.authorizationCodeGrant(config, new URL(req.originalUrl, origin),
      { pkceCodeVerifier: pending.verifier, expectedState: pending.state, expectedNonce: pending.nonce })
    const user = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)
    req.session.regenerate((error) => {
      if (error) return res.status(500).send(page('<h1>Something went wrong</h1>'))
      req.session.user = user
      req.session.idToken = tokens.id_token
      res.redirect('/')
    })
  } catch (error) {
    res.status(400).send(page(`<h1>Not signed in</h1><p>${escape(error.error_description ?? error.message)}</p><p><a href="/">Back</a></p>`))
  }
})

app.get('/logout', (req, res) => {
  const hint = req.session.idToken
  req.session.destroy(() => res.redirect(hint
    ? oidc.buildEndSessionUrl(config, { id_token_hint: hint, post_logout_redirect_uri: `${origin}/` }).href
    : '/'))
})

app.listen(Number(PORT), '127.0.0.1', () => console.log(`Sample application on ${origin}`))
