#!/usr/bin/env node
// Checks the Node version, sets a fresh clone up, and runs the built program. Nothing else.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`evplat needs Node 20.19 or newer, this is ${process.versions.node}\n`)
  process.exit(1)
}
module.enableCompileCache?.()
const root = fileURLToPath(new URL('..', import.meta.url))
if (existsSync(`${root}/scripts/stamp.js`)) {
  const { lastSetUp, stampOf } = await import('../scripts/stamp.js')
  if (lastSetUp(root).stamp !== stampOf(root)) (await import('../scripts/set-up.js')).setUp()
}
const { main } = await import('../dist/cli/main.js')
await main()
