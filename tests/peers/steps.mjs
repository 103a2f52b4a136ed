// How a peer talks to the test that started it: one JSON line in, one JSON line per step that went well, exit code 1 with the reason.
import { text } from 'node:stream/consumers'

export const input = async () => JSON.parse(await text(process.stdin))

export function run(steps) {
  input().then(async (given) => {
    for (const [name, step] of steps) {
      try {
        await step(given)
        console.log(name)
      } catch (error) {
        const { code, error: oauth, error_description: description, status, cause } = error
        console.error(`${name}: ${error.stack}\n${JSON.stringify({ code, oauth, description, status, cause: cause?.stack ?? cause }, null, 1)}`)
        process.exit(1)
      }
    }
    process.exit(0)
  })
}

export function equal(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`)
}

export function check(truth, what) {
  if (!truth) throw new Error(what)
}

/** What a call that must fail failed with. */
export async function failure(promise, what) {
  try { await promise } catch (error) { return error }
  throw new Error(`${what}: should have failed`)
}
