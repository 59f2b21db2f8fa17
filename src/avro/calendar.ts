// Days since 1970-01-01 and dates of the Gregorian calendar, counted in eras of 400 years that begin on the first of March:
// the day that leap years add is then the last of its year. Plain arithmetic, as Date costs more than the rest of a record.

export interface CalendarDay {
  readonly year: number
  /** 1 to 12 */
  readonly month: number
  /** 1 to 31 */
  readonly day: number
}

const daysPerEra = 146_097
/** from the first of March of the year 0 to 1970-01-01 */
const daysBefore1970 = 719_468

export function calendarDay(days: number): CalendarDay {
  const shifted = days + daysBefore1970
  const era = Math.floor(shifted / daysPerEra)
  const dayOfEra = shifted - era * daysPerEra
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear = dayOfEra - daysBeforeYear(yearOfEra)
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const year = era * 400 + yearOfEra + (month < 3 ? 1 : 0)
  return { year, month, day: dayOfYear - daysBeforeMonth(monthFromMarch) + 1 }
}

/** The inverse of `calendarDay`; undefined for a day that does not exist. */
export function daysSince1970({ year, month, day }: CalendarDay): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  const marchYear = month < 3 ? year - 1 : year
  const era = Math.floor(marchYear / 400)
  const dayOfYear = daysBeforeMonth(month < 3 ? month + 9 : month - 3) + day - 1
  return era * daysPerEra + daysBeforeYear(marchYear - era * 400) + dayOfYear - daysBefore1970
}

function daysBeforeYear(yearOfEra: number): number {
  return yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
}

/** From March, of which the months repeat 31, 30, 31, 30, 31. */
function daysBeforeMonth(monthFromMarch: number): number {
  return Math.floor((153 * monthFromMarch + 2) / 5)
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}
