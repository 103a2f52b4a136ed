// Makes a client of the committed descriptions with openapi-typescript and openapi-fetch, has tsc check a program that calls every operation of the management API and
// one sign-in with the account API, and writes the program to the folder that it is told. `node client.mjs build FOLDER`; then `node FOLDER/program.js` with
// {"gatehouse": …, "token": …, "accountToken": …, "supportToken": …, "name": …} on standard input. The types must hold in both directions: what is sent is checked as well as what is read from answers.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import openapiTS, { astToString } from 'openapi-typescript'
import { description, root, walk } from './plan.mjs'

const [, , verb, folder] = process.argv
if (verb !== 'build' || !folder) { console.error('usage: node client.mjs build FOLDER'); process.exit(2) }
mkdirSync(folder, { recursive: true })
symlinkSync(join(import.meta.dirname, '..', 'node_modules'), join(folder, 'node_modules'))
writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
for (const name of ['openapi', 'openapi-account', 'openapi-flows'])
  writeFileSync(join(folder, `${name}.ts`), astToString(await openapiTS(new URL(`file://${join(root, 'docs', `${name}.json`)}`), { defaultNonNullable: false })))

const ids = (text) => text.replace(/"\{\{([a-z_]+_id)\}\}"/g, (_, name) => `id.${name}!`)
const words = (text) => text.replaceAll('acme', "' + name + '").replace(/"([^"]*' \+ name \+ '[^"]*)"/g, (_, inner) => `'${inner}'`)

/** What a program's token is refused: a person who is signed in calls it, further down. */
const ofPeople = ['users.impersonations.create', 'impersonations.list', 'impersonations.get', 'impersonations.end']

function call(step) {
  const path = {}
  const parts = step.path.split('/'), target = step.target.split('/')
  parts.forEach((part, i) => { const name = /^\{(.+)\}$/.exec(part)?.[1]; if (name) path[name] = target[i] })
  const options = [
    ...(Object.keys(path).length ? [`params: { path: ${words(ids(JSON.stringify(path)))} }`] : []),
    ...(step.body === undefined ? [] : [`body: ${words(ids(JSON.stringify(step.body)))}`]),
    ...(['audit.export', 'tenants.export'].includes(step.id) ? [`parseAs: 'text'`] : []),
  ]
  // What nobody wrote an example for is called, not checked.
  const init = step.unplaced ? `, { ${options.join(', ')} } as never` : options.length ? `, { ${options.join(', ')} }` : ''
  const save = step.save && `  id.${step.save[0]} = answer.data?.${step.save[1].split('.').map((p) => /^\d+$/.test(p) ? `[${p}]` : `.${p}`).join('').slice(1).replace(/\.\[/g, '[').replaceAll(/\[(\d+)\]/g, '[$1]!')}`
  return `{\n  const answer = await client.${step.method}('${step.path}'${init})\n  told('${step.id}', answer.response, ${JSON.stringify(step.expect)}, answer.error${step.unplaced ? ' as never' : ''})${save ? '\n' + save : ''}\n}`
}

writeFileSync(join(folder, 'program.ts'), `import { text } from 'node:stream/consumers'
import { createHash, randomBytes } from 'node:crypto'
import createClient from 'openapi-fetch'
import type { components, paths } from './openapi.js'
import type { paths as AccountPaths } from './openapi-account.js'
import type { paths as FlowsPaths } from './openapi-flows.js'

const { gatehouse, token, accountToken, supportToken, name } = JSON.parse(await text(process.stdin)) as { gatehouse: string; token: string; accountToken: string; supportToken: string; name: string }
const client = createClient<paths>({ baseUrl: gatehouse, headers: { authorization: \`Bearer \${token}\` } })
const id: Record<string, string | null | undefined> = {}
let wrong = 0

/** A refusal's body is a problem: the compiler holds us to its shape. */
function told(what: string, response: Response, expected: number[], problem?: components['schemas']['Problem'] | undefined) {
  console.log(\`\${what} \${response.status}\`)
  const refused = response.status >= 400 && (typeof problem?.code !== 'string' || problem.status !== response.status)
  if (expected.includes(response.status) && !refused) return
  wrong++
  console.error(\`\${what} answered \${response.status}, not \${expected}: \${JSON.stringify(problem)}\`)
}

${walk(description()).filter((s) => !s.slow && !ofPeople.includes(s.id)).map(call).join('\n')}

// Somebody signs in on an application's own page and looks at her account.
{
  const password = randomBytes(18).toString('base64url'), email = \`grace@\${name}.example\`
  const user = await client.POST('/api/v1/users', { body: { emails: [email], email_verified: true, display_name: 'Grace', password } })
  told('users.create', user.response, [201], user.error)
  const app = await client.POST('/api/v1/clients', { body: { name: 'App', type: 'public', first_party: true, headless: true, redirect_uris: ['https://app.example/callback'], scopes: ['openid', 'email'] } })
  told('clients.create', app.response, [201], app.error)
  const client_id = app.data!.client.id, verifier = randomBytes(32).toString('base64url')
  const flows = createClient<FlowsPaths>({ baseUrl: gatehouse })
  const begun = await flows.POST('/flows/v1/start', { body: { client_id, scope: 'openid email', code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' } })
  told('flows.start', begun.response, [200], begun.error)
  const auth_session = begun.data!.auth_session!
  const named = await flows.POST('/flows/v1/submit', { body: { auth_session, step: 'identifier', values: { email } } })
  told('flows.submit', named.response, [200], named.error)
  const refused = await flows.POST('/flows/v1/submit', { body: { auth_session, step: 'password', values: { password: 'not hers' } } })
  told('flows.submit', refused.response, [422], refused.error)
  if (refused.error?.code !== 'credentials_wrong' || refused.error.flow?.steps?.some((s) => s.name === 'password') !== true) throw new Error('a refusal shows the open steps')
  const done = await flows.POST('/flows/v1/submit', { body: { auth_session, step: 'password', values: { password } } })
  told('flows.submit', done.response, [200], done.error)
  const redeemed = await fetch(\`\${gatehouse}/oauth2/token\`, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', client_id, code: done.data!.authorization_code!, code_verifier: verifier }) })
  if (!redeemed.ok) throw new Error('the code of the flow is good')
  const account = createClient<AccountPaths>({ baseUrl: gatehouse, headers: { authorization: \`Bearer \${accountToken}\` } })
  const profile = await account.GET('/account/v1/profile')
  told('profile.get', profile.response, [200], profile.error)
  if (profile.data?.display_name !== 'Grace') throw new Error('her own profile')
  const changed = await account.PATCH('/account/v1/profile', { body: { display_name: 'Grace H.' } })
  told('profile.update', changed.response, [200], changed.error)
  for (const path of ['/account/v1/emails', '/account/v1/phones', '/account/v1/passkeys', '/account/v1/sessions', '/account/v1/devices', '/account/v1/two-step', '/account/v1/consents', '/account/v1/activity', '/account/v1/notices', '/account/v1/organizations', '/account/v1/organizations/offers', '/account/v1/invitations', '/account/v1/data'] as const) {
    const answer = await account.GET(path)
    told(path, answer.response, [200], answer.error)
  }
}

// Somebody of the support, signed in with a token that names her session, acts as another: nothing here may be refused.
{
  const person = await client.POST('/api/v1/users', { body: { emails: [\`bob@\${name}.example\`], email_verified: true, display_name: 'Bob' } })
  told('users.create', person.response, [201], person.error)
  const user = person.data!.id
  const support = createClient<paths>({ baseUrl: gatehouse, headers: { authorization: \`Bearer \${supportToken}\` } })
  const link = await support.POST('/api/v1/users/{user}/impersonations', { params: { path: { user } }, body: { reason: 'Case 2026-114', minutes: 5 } })
  told('users.impersonations.create', link.response, [201], link.error)
  if (link.data?.user !== user || link.data.minutes !== 5 || !link.data.url.startsWith(gatehouse)) throw new Error('a link to act as him')
  const impersonation = link.data.id
  const listed = await support.GET('/api/v1/impersonations', { params: { query: { filter: \`user eq "\${user}"\` } } })
  told('impersonations.list', listed.response, [200], listed.error)
  if (listed.data?.items.length !== 1 || listed.data.items[0]?.id !== impersonation) throw new Error('it is in the list')
  const path = { impersonation }
  const waiting = await support.GET('/api/v1/impersonations/{impersonation}', { params: { path } })
  told('impersonations.get', waiting.response, [200], waiting.error)
  if (waiting.data?.status !== 'waiting' || waiting.data.reason !== 'Case 2026-114') throw new Error('it waits for her browser')
  const ended = await support.DELETE('/api/v1/impersonations/{impersonation}', { params: { path } })
  told('impersonations.end', ended.response, [204], ended.error)
  const over = await support.GET('/api/v1/impersonations/{impersonation}', { params: { path } })
  told('impersonations.get', over.response, [200], over.error)
  if (over.data?.status !== 'ended' || over.data.end_reason !== 'ended_by_administrator') throw new Error('it is over')
}
process.exit(wrong ? 1 : 0)
`)
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { target: 'es2022', module: 'nodenext', strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: true, types: ['node'], typeRoots: [join(import.meta.dirname, '..', 'node_modules', '@types')] }, files: ['program.ts'] }))
const { status, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, '..', 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], { encoding: 'utf8' })
if (status !== 0) { console.error(stdout.split('\n').slice(0, 60).join('\n')); process.exit(1) }
