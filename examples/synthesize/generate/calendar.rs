//! Days as whole numbers since 1 January 1970, and back to the register's `dd.mm.yyyy`.
//!
//! Integer arithmetic on the proleptic Gregorian calendar: no clock, no time zone, no dependency.

/// Number of the day; months and days count from 1.
pub fn day(year: i32, month: i64, day_of_month: i64) -> i64 {
    // The year starts in March, so that the leap day comes last.
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day_of_month - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of the month of a day number.
pub fn civil(day: i64) -> (i32, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month, day_of_month)
}

/// The same day of the month some months later, or that month's last day where it is shorter.
pub fn months_later(from: i64, months: i64) -> i64 {
    let (year, month, day_of_month) = civil(from);
    let counted = i64::from(year) * 12 + month - 1 + months;
    let (target_year, target_month) = (counted.div_euclid(12) as i32, counted.rem_euclid(12) + 1);
    let first = day(target_year, target_month, 1);
    let next_first =
        if target_month == 12 { day(target_year + 1, 1, 1) } else { day(target_year, target_month + 1, 1) };
    (first + day_of_month - 1).min(next_first - 1)
}

/// Saturday or Sunday.
pub fn is_weekend(day: i64) -> bool {
    // Day 0 was a Thursday; counted from Monday that is 3.
    (day + 3).rem_euclid(7) >= 5
}

/// The day as the register's export writes it.
pub fn text(day: i64) -> String {
    let (year, month, day_of_month) = civil(day);
    format!("{day_of_month:02}.{month:02}.{year:04}")
}
