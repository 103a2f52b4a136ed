// Runs the program that client.mjs built in a folder. Standard input: {"gatehouse", "token", "name", "folder"}; people's own tokens are fetched through the pages first.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { input } from '../steps.mjs'
import { person } from './world.mjs'

const { folder, ...given } = await input()
const server = { url: given.gatehouse, token: given.token }
const { token: accountToken } = await person(server, `grace@${given.name}.example.com`)
const { token: supportToken } = await person(server, `hana@${given.name}.example.com`, { name: 'Hana', api: '/api/v1', scopes: ['users:impersonate', 'users:read'], role: 'support_desk' })
const { status } = spawnSync(process.execPath, [join(folder, 'program.js')], { input: JSON.stringify({ ...given, accountToken, supportToken }), stdio: ['pipe', 'inherit', 'inherit'] })
process.exit(status ?? 1)
