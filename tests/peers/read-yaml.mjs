// Reads YAML strictly (duplicate keys and unknown anchors are errors) and prints it as JSON. Usage: read-yaml.mjs FILE
import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'

const document = parseDocument(readFileSync(process.argv[2], 'utf8'), { strict: true, uniqueKeys: true })
if (document.errors.length + document.warnings.length > 0) {
  console.error([...document.errors, ...document.warnings].join('\n'))
  process.exit(1)
}
console.log(JSON.stringify(document.toJS()))
