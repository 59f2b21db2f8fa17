// The files of a new service, and of a new listener.
import { join, posix } from 'node:path'
import { type OwnedFile, ownershipOf } from './ownership.ts'
import { renderFile, renderFolder } from './render.ts'
import { type Asked, askedFrom } from './workspace.ts'

export interface NewService {
  readonly name: string
  /** relative to the folder of platform.yaml */
  readonly dir: string
  readonly port?: number
  readonly consumes: readonly string[]
  readonly http: boolean
  /** name of the platform: the scope of its package, so that no package of npm is called as it is */
  readonly platform: string
  readonly asked: Asked
}

export interface ListenerNames {
  readonly topic: string
  /** file name, without its ending */
  readonly file: string
  /** name of the exported function */
  readonly handler: string
}

const reserved =
  /^(arguments|await|break|case|catch|class|const|continue|debugger|declared|default|defineService|delete|do|else|enum|eval|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|routes|service|static|super|switch|this|throw|topics|true|try|typeof|var|void|while|with|yield)$/

/** How the listener of a topic is called: `orders.placed` is handled by `ordersPlaced` of `orders-placed.ts`. */
export function listenerNames(topic: string): ListenerNames {
  const words = topic.split(/[^A-Za-z\d]+/).filter((word) => word !== '')
  const joined = words.map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('')
  const name = joined.charAt(0).toLowerCase() + joined.slice(1)
  const handler =
    /^[a-z]/.test(name) && !reserved.test(name) ? name : `on${name.charAt(0).toUpperCase()}${name.slice(1)}`
  return { topic, file: words.join('-').toLowerCase() || 'listener', handler }
}

/** The file of one listener, relative to the folder of platform.yaml. `root` is the folder of the package. */
export async function listenerFile(dir: string, topic: string, root: string): Promise<OwnedFile> {
  const names = listenerNames(topic)
  const path = posix.join(dir, `src/listeners/${names.file}.ts`)
  const file = await renderFile(join(root, 'templates/listener/listener.ts.ejs'), path, { ...names })
  return { ...file, ownership: 'once', template: 'listener' }
}

/** Where editors find what application.yaml may say: in the library that the service runs on, which npm puts at the root. */
function settingsSchemaFrom(dir: string): string {
  return posix.join(posix.relative(dir, '.'), 'node_modules/@evplat/service/application.schema.json')
}

/** All files of a new service but those that `evplat types` makes. */
export async function serviceFiles(service: NewService, root: string): Promise<OwnedFile[]> {
  const { name, dir, port, consumes, http, platform, asked } = service
  const named = { schema: settingsSchemaFrom(dir), listeners: consumes.map(listenerNames) }
  const data = { name, platform, port, http, ...named, ...askedFrom(dir, asked) }
  const files = await renderFolder(join(root, 'templates/service'), data)
  const own = files
    .filter(({ path }) => http || path !== 'src/routes.ts')
    .map(({ path, content }): OwnedFile => {
      return { path: posix.join(dir, path), content, ownership: ownershipOf(path), template: 'service' }
    })
  const listeners = await Promise.all(consumes.map((topic) => listenerFile(dir, topic, root)))
  return [...own, ...listeners].toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * The text of `src/service.ts` with a listener more. Undefined where the text is not in the form that evplat wrote it in: then its
 * author adds the lines.
 */
export function withListener(text: string, topic: string): string | undefined {
  const { file, handler } = listenerNames(topic)
  const imports = [...text.matchAll(/^import .*$/gm)]
  const last = imports.at(-1)
  const list = /^( *)listeners: \{(\})?(,?)\r?$/m.exec(text)
  if (!last || !list || new RegExp(String.raw`\b${handler}\b`).test(text)) return undefined
  const [whole, indent, closed, comma] = list
  const entry = `${indent}  '${topic}': ${handler},`
  const opened =
    closed === undefined ? `${whole.trimEnd()}\n${entry}` : `${indent}listeners: {\n${entry}\n${indent}}${comma}`
  const at = last.index + last[0].length
  const behind = text.slice(at).replace(whole, () => opened)
  return `${text.slice(0, at)}\nimport { ${handler} } from './listeners/${file}.ts'${behind}`
}
