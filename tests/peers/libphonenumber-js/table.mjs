// Prints src/Gatehouse.Protocols/E164/numbering-plan.txt from libphonenumber's own data: node libphonenumber-js/table.mjs > …
import { createRequire } from 'node:module'
import { parsePhoneNumberFromString as parse } from 'libphonenumber-js/max'

const require = createRequire(import.meta.url)
const plan = require('libphonenumber-js/metadata.max.json')
const version = require('libphonenumber-js/package.json').version
const [FIXED, MOBILE] = [0, 1]
const at = { pattern: 2, lengths: 3, trunk: 5, types: 11 }

function lengths(country) {
  const of = plan.countries[country], types = of[at.types] ?? []
  const found = new Set()
  for (const type of [types[FIXED], types[MOBILE]]) if (type) for (const n of type[1] || of[at.lengths]) found.add(n)
  if (found.size === 0) for (const n of of[at.lengths]) found.add(n)
  return [...found].sort((a, b) => a - b)
}

// Of a code that several countries share: which leading digits are whose, as far as four digits tell.
function prefixes(code, countries) {
  const of = {}
  for (let p = 0; p < 10000; p++) {
    const digits = String(p).padStart(4, '0')
    let found
    search: for (const country of countries.slice(1))
      for (const n of lengths(country))
        for (const tail of ['234567890', '555012345', '812345678', '012345678', '999999999', '700000000', '301234567', '412345678'])
          if (digits.length <= n && parse('+' + code + (digits + tail).slice(0, n))?.country === country) { found = country; break search }
    const main = () => lengths(countries[0]).some(n => ['234567890', '555012345', '812345678', '012345678'].some(t => parse('+' + code + (digits + t).slice(0, n))?.country === countries[0]))
    of[digits] = found ?? (main() ? countries[0] : '')             // '': nobody's, so far
  }
  // Ten neighbours of one country are one prefix.
  for (let depth = 3; depth > 0; depth--)
    for (let p = 0; p < 10 ** depth; p++) {
      const stem = String(p).padStart(depth, '0')
      const below = [...Array(10).keys()].map(d => of[stem + d])
      const owners = new Set(below.filter(c => c))
      if (below[0] !== undefined && owners.size <= 1) { of[stem] = [...owners][0] ?? ''; for (let d = 0; d < 10; d++) delete of[stem + d] }
    }
  return Object.entries(of).filter(([, country]) => country && country !== countries[0])
}

console.log(`# Calling codes of ITU-T E.164 as libphonenumber ${version} knows them (Google, Apache-2.0): made by tests/peers/libphonenumber-js/table.mjs.`)
console.log('# calling code, country, lengths of national numbers, trunk prefix (0 or -), whether numbers themselves may begin with 0 (z or -)')
console.log('# then, where several countries share the code: =country prefix,prefix…')
for (const [code, countries] of Object.entries(plan.country_calling_codes)) {
  if (plan.nonGeographic?.[code]) continue
  const all = [...new Set(countries.flatMap(lengths))].sort((a, b) => a - b)
  const main = plan.countries[countries[0]]
  const zero = countries.some(c => new RegExp('^(?:' + plan.countries[c][at.pattern] + ')$') && [...all].some(n =>
    ['01', '02', '03', '04', '05', '06', '07', '08', '09'].some(z => ['1234567890123', '9999999999999', '5499999999999', '0123456789012','6123456789012'].some(t => new RegExp('^(?:' + plan.countries[c][at.pattern] + ')$').test((z + t).slice(0, n))))))
  console.log(code, countries[0], all.join(','), main[at.trunk] === '0' ? '0' : '-', zero ? 'z' : '-')
  if (countries.length > 1) {
    const by = new Map()
    for (const [prefix, country] of prefixes(code, countries)) by.set(country, [...(by.get(country) ?? []), prefix])
    for (const [country, list] of by) console.log('=' + country, list.join(','))
  }
}
