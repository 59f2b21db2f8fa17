// The JSON Schema of platform.yaml for editors, made from the shape that the loader checks against.
import * as z from 'zod/mini'
import { editor } from './leaf.ts'
import { platformShape } from './shape.ts'

/** The schema as text (draft 7, which every YAML language server reads). Variables `${NAME}` pass where text is filled in. */
export function editorSchema(): string {
  const schema = z.toJSONSchema(platformShape, {
    target: 'draft-07',
    io: 'output',
    unrepresentable: 'any',
    metadata: editor,
  })
  return `${JSON.stringify({ title: 'platform.yaml of evplat', ...schema }, null, 2)}\n`
}
