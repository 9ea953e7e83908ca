// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.Locale;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Values;

/** What of {@code os} touches neither files nor processes: the clock. */
public final class OsLibrary {

    private static final long NANOS = 1_000_000_000L;

    private OsLibrary() {}

    /** Puts it into a state. */
    public static void open(LuaState state, Clock clock) {
        Module.named(state, "os")
                .function("clock", call -> Values.one((double) System.nanoTime() / NANOS))
                .function("date", call -> date(call, clock))
                .function("difftime", call -> Values.one(call.number(1) - call.number(2, 0)))
                .function("time", call -> time(call, clock));
    }

    private static Object[] time(Arguments call, Clock clock) {
        if (!call.has(1)) {
            return Values.one(Values.number(clock.instant().getEpochSecond()));
        }
        LuaTable fields = call.table(1);
        try {
            LocalDateTime start = LocalDateTime.of(Math.toIntExact(field(call, fields, "year", null)), 1, 1, 0, 0);
            LocalDateTime moment = start.plusMonths(field(call, fields, "month", null) - 1)
                    .plusDays(field(call, fields, "day", null) - 1)
                    .plusHours(field(call, fields, "hour", 12L))
                    .plusMinutes(field(call, fields, "min", 0L))
                    .plusSeconds(field(call, fields, "sec", 0L));
            return Values.one(Values.number(moment.atZone(clock.getZone()).toEpochSecond()));
        } catch (DateTimeException | ArithmeticException outOfRange) {
            return Values.one(null);
        }
    }

    private static long field(Arguments call, LuaTable fields, String name, Long otherwise) {
        Double value = Values.toNumber(fields.get(name));
        if (value != null) {
            return value.longValue();
        }
        if (otherwise == null) {
            throw call.error("field '" + name + "' missing in date table");
        }
        return otherwise;
    }

    private static Object[] date(Arguments call, Clock clock) {
        String format = call.string(1, "%c");
        boolean utc = format.startsWith("!");
        ZoneId zone = utc ? ZoneOffset.UTC : clock.getZone();
        ZonedDateTime moment;
        try {
            moment = Instant.ofEpochSecond(call.integer(2, clock.instant().getEpochSecond()))
                    .atZone(zone);
        } catch (DateTimeException outOfRange) {
            return Values.one(null);
        }
        String pattern = utc ? format.substring(1) : format;
        return Values.one(pattern.startsWith("*t") ? table(call.state(), moment) : formatted(call, pattern, moment));
    }

    private static LuaTable table(LuaState state, ZonedDateTime moment) {
        LuaTable table = state.table();
        table.set("year", Values.number(moment.getYear()));
        table.set("month", Values.number(moment.getMonthValue()));
        table.set("day", Values.number(moment.getDayOfMonth()));
        table.set("hour", Values.number(moment.getHour()));
        table.set("min", Values.number(moment.getMinute()));
        table.set("sec", Values.number(moment.getSecond()));
        table.set("wday", Values.number(moment.getDayOfWeek().getValue() % 7 + 1L));
        table.set("yday", Values.number(moment.getDayOfYear()));
        table.set("isdst", moment.getZone().getRules().isDaylightSavings(moment.toInstant()));
        return table;
    }

    private static String formatted(Arguments call, String pattern, ZonedDateTime moment) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            boolean conversion = c == '%' && i + 1 < pattern.length();
            String piece = conversion ? converted(pattern.charAt(++i), moment) : String.valueOf(c);
            call.budget().allocate(2L * piece.length());
            call.budget().charge(1);
            text.append(piece);
        }
        return text.toString();
    }

    // The conversions of C's strftime, in its "C" locale.
    private static String converted(char conversion, ZonedDateTime at) {
        return switch (conversion) {
            case 'a' -> at.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ROOT);
            case 'A' -> at.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b' -> at.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'B' -> at.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'c' -> formattedAll("%a %b %d %H:%M:%S %Y", at);
            case 'd' -> two(at.getDayOfMonth());
            case 'D', 'x' -> formattedAll("%m/%d/%y", at);
            case 'F' -> formattedAll("%Y-%m-%d", at);
            case 'H' -> two(at.getHour());
            case 'I' -> two((at.getHour() + 11) % 12 + 1);
            case 'j' -> String.format(Locale.ROOT, "%03d", at.getDayOfYear());
            case 'm' -> two(at.getMonthValue());
            case 'M' -> two(at.getMinute());
            case 'n' -> "\n";
            case 'p' -> at.getHour() < 12 ? "AM" : "PM";
            case 's' -> Long.toString(at.toEpochSecond());
            case 'S' -> two(at.getSecond());
            case 't' -> "\t";
            case 'T', 'X' -> formattedAll("%H:%M:%S", at);
            case 'w' -> Integer.toString(at.getDayOfWeek().getValue() % 7);
            case 'y' -> two(Math.floorMod(at.getYear(), 100));
            case 'Y' -> Integer.toString(at.getYear());
            case 'z' ->
                at.getOffset().equals(ZoneOffset.UTC)
                        ? "+0000"
                        : at.getOffset().getId().replace(":", "");
            case 'Z' -> at.getZone().getDisplayName(TextStyle.SHORT, Locale.ROOT);
            case '%' -> "%";
            default -> "%" + conversion;
        };
    }

    private static String formattedAll(String pattern, ZonedDateTime at) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            text.append(c == '%' ? converted(pattern.charAt(++i), at) : String.valueOf(c));
        }
        return text.toString();
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }
}
