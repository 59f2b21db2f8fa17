// A PATH as on a machine that has Node and nothing else.
import { accessSync, constants, mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'

function locate(program) {
  for (const folder of process.env.PATH.split(delimiter)) {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return realpathSync(join(folder, program))
    } catch {
      // it is in another one
    }
  }
  throw new Error(`${program} is not on the PATH`)
}

/** Makes a folder with Node and npm, and the shell that npm runs scripts by: no Java, no Maven, no Docker. */
export function bareNode(folder) {
  mkdirSync(folder)
  symlinkSync(process.execPath, join(folder, 'node'))
  for (const program of ['npm', 'sh']) symlinkSync(locate(program), join(folder, program))
  return folder
}
