// Where a registry is and with which credentials: settings -> what a request needs.
import type { RegistrySettings } from '../core/connection-settings.ts'
import { EvplatError } from '../core/errors.ts'

export interface Target {
  /** for people: without user and password, without a slash at the end */
  readonly url: string
  readonly secure: boolean
  readonly host: string
  readonly port: number
  /** path before every path of the API, without a slash at the end */
  readonly base: string
  /** value of the Authorization header */
  readonly authorization?: string
  /** what that header holds, in every form in which an answer could repeat it */
  readonly credentials: readonly string[]
  /** certificates in PEM that are trusted instead of the system's */
  readonly ca?: string
}

/**
 * Reads the settings. User and password may stand in the URL; those of the settings go first, and a token before both.
 * Throws `usage` for what is no http or https URL.
 */
export function targetOf(settings: RegistrySettings): Target {
  const url = URL.canParse(settings.url) ? new URL(settings.url) : undefined
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new EvplatError(
      'usage',
      `the address of the registry, "${withoutUser(settings.url)}", is no http or https url`,
      {
        hint: 'write it as http://host:port, as in `evplat schemas list --registry http://127.0.0.1:8081`',
      },
    )
  const secure = url.protocol === 'https:'
  const base = url.pathname.replace(/\/+$/, '')
  const { authorization, credentials } = accessOf(settings, url)
  return {
    url: `${url.protocol}//${url.host}${base}`,
    secure,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 443 : 80),
    base,
    credentials,
    ...(authorization !== undefined && { authorization }),
    ...(settings.tls?.ca !== undefined && { ca: settings.tls.ca }),
  }
}

type Access = Pick<Target, 'authorization' | 'credentials'>

function accessOf(settings: RegistrySettings, url: URL): Access {
  const { token } = settings
  if (token !== undefined) return { authorization: `Bearer ${token}`, credentials: [token] }
  const username = settings.username ?? decoded(url.username)
  const password = settings.password ?? decoded(url.password)
  if (username === '' && password === '') return { credentials: [] }
  const encoded = Buffer.from(`${username}:${password}`).toString('base64')
  const forms = [encoded, ...(isTelling(password) ? [password, encodeURIComponent(password)] : [])]
  return { authorization: `Basic ${encoded}`, credentials: forms }
}

/** A word like `test` stands in many an answer for itself. */
const isTelling = (password: string): boolean => password.length >= 8

/** A text of the registry's, which may be shown: a gateway that repeats the headers of a request tells no secret by it. */
export function withoutCredentials(text: string, { credentials }: Target): string {
  return credentials.reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}

/** A password with a bare `%` is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Cuts generously: in what is no url, a password may hold anything. */
const withoutUser = (text: string): string => text.replace(/^([a-z]+:\/\/)?.*@/is, '$1')
