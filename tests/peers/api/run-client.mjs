// Runs the program that client.mjs built in a folder. Standard input: {"gatehouse", "token", "name", "folder"}; a person's own token is fetched through the pages first.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { input } from '../steps.mjs'
import { person } from './world.mjs'

const { folder, ...given } = await input()
const { token: accountToken } = await person({ url: given.gatehouse, token: given.token }, `grace@${given.name}.example.com`)
const { status } = spawnSync(process.execPath, [join(folder, 'program.js')], { input: JSON.stringify({ ...given, accountToken }), stdio: ['pipe', 'inherit', 'inherit'] })
process.exit(status ?? 1)
