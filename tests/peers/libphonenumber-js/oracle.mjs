// libphonenumber as an oracle. For each country: its example of a mobile number as people write it at home and abroad, and what it is.
// Then, for each number on standard input (a JSON array), what the library makes of it: [{number, country} | null].
import { createRequire } from 'node:module'
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'

const examples = createRequire(import.meta.url)('libphonenumber-js/examples.mobile.json')
let asked = ''
for await (const chunk of process.stdin) asked += chunk
const read = number => number && { number: number.number, country: number.country ?? null, national: number.formatNational(), international: number.formatInternational() }
console.log(JSON.stringify({
  countries: getCountries().map(country => {
    const example = getExampleNumber(country, examples)
    // Some countries share their ranges: whose a number is, the library says by reading it.
    return { of: country, ...read(example), country: example && parsePhoneNumberFromString(example.number).country }
  }),
  answers: JSON.parse(asked).map(text => read(parsePhoneNumberFromString(text))),
}))
