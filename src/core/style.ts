// Colour for people. A view takes a Style and never asks where its text goes.
import picocolors from 'picocolors'

export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly cyan: (text: string) => string
}

/** A style that colours, or one that returns every text as it is. */
export function createStyle(colour: boolean): Style {
  return picocolors.createColors(colour)
}
