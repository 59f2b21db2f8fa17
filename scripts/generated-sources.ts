// The sources that are made from sources. They come before the pages, which tell what the program makes of them; nothing here imports it,
// so that they can be made anew when they do not fit any more.
import { servedModule } from './sources/served.ts'

export interface GeneratedFile {
  /** from the root of the repository */
  readonly file: string
  readonly content: () => string | Promise<string>
}

export const generatedSources: readonly GeneratedFile[] = [{ file: 'src/broker/served.ts', content: servedModule }]
