// Java's .properties format (java.util.Properties.load): one `key=value` a line, Latin-1.

export type Properties = Readonly<Record<string, string | number | boolean>>

function escape(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replace(/^ /, '\\ ')
  return escaped.replaceAll(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The text of a properties file, keys in the order given. */
export function propertiesText(properties: Properties): string {
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${escape(String(value))}\n`)
    .join('')
}
