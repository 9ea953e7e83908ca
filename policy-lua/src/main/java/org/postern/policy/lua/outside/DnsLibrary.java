// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Values;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Address;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** {@code msys.dnsLookup}. */
final class DnsLibrary {

    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Map<String, Integer> TYPES =
            Map.of("A", Type.A, "AAAA", Type.AAAA, "TXT", Type.TXT, "MX", Type.MX, "PTR", Type.PTR, "NS", Type.NS);

    private DnsLibrary() {}

    /** Puts it into a state. */
    static void open(LuaState state) {
        Module.named(state, "msys").function("dnsLookup", DnsLibrary::lookup);
    }

    private static Object[] lookup(Arguments call) {
        String name = call.text(1);
        Integer type = TYPES.get(call.string(2, "A"));
        if (type == null) {
            throw call.bad(
                    2, "the type is one of " + TYPES.keySet().stream().sorted().toList());
        }
        LuaTable options = call.has(3) ? call.table(3) : call.state().table();
        try {
            Resolver resolver = resolver(call, options.get("server"));
            Duration left = call.budget().remaining();
            resolver.setTimeout(left.compareTo(LONGEST) < 0 ? left : LONGEST);
            Lookup lookup = new Lookup(question(name, type), type);
            lookup.setResolver(resolver);
            lookup.setCache(null);
            Record[] records = call.budget().waitFor(lookup::run);
            call.budget().checkAlive();
            return records == null
                    ? failure(call, name + ": " + lookup.getErrorString())
                    : Values.one(table(call.state(), records, Values.isTrue(options.get("priority"))));
        } catch (TextParseException | UnknownHostException wrong) {
            return failure(call, name + " is no name: " + wrong.getMessage());
        } catch (RuntimeException raised) {
            throw raised;
        } catch (Exception failed) {
            return failure(call, name + ": " + failed.getMessage());
        }
    }

    private static Object[] failure(Arguments call, String what) {
        return new Object[] {null, call.state().string(Values.fromText(what))};
    }

    private static Name question(String name, int type) throws IOException {
        boolean address = type == Type.PTR && (name.indexOf(':') >= 0 || name.matches("[0-9.]+"));
        return address ? ReverseMap.fromAddress(name) : Name.fromString(name, Name.root);
    }

    /** The system's servers, or the one that the script names, as an address or {@code address:port}. */
    private static Resolver resolver(Arguments call, Object server) throws UnknownHostException {
        if (server == null) {
            return new ExtendedResolver();
        }
        if (!(server instanceof String text)) {
            throw call.bad(3, "the server is an address, with or without a port");
        }
        int colon = text.lastIndexOf(':');
        boolean port = colon > 0
                && text.indexOf(':') == colon
                && text.substring(colon + 1).matches("[0-9]{1,5}");
        int number = port ? Math.min(65_535, Integer.parseInt(text.substring(colon + 1))) : SimpleResolver.DEFAULT_PORT;
        return new SimpleResolver(new InetSocketAddress(address(call, port ? text.substring(0, colon) : text), number));
    }

    /** Never a name: to look it up would take as long as it likes. */
    private static InetAddress address(Arguments call, String text) {
        try {
            return Address.getByAddress(text);
        } catch (UnknownHostException name) {
            throw call.bad(3, "the server is an address, with or without a port");
        }
    }

    private static LuaTable table(LuaState state, Record[] records, boolean withPreference) {
        LuaTable table = state.table();
        List<Record> ordered = Arrays.stream(records)
                .sorted(Comparator.comparingInt(record -> record instanceof MXRecord mx ? mx.getPriority() : 0))
                .toList();
        for (Record record : ordered) {
            String value = state.string(Values.fromText(text(record)));
            table.set(
                    table.length() + 1,
                    withPreference && record instanceof MXRecord mx ? pair(state, mx.getPriority(), value) : value);
        }
        return table;
    }

    private static LuaTable pair(LuaState state, int preference, String value) {
        LuaTable pair = state.table();
        pair.set(1, Values.number(preference));
        pair.set(2, value);
        return pair;
    }

    private static String text(Record record) {
        return switch (record) {
            case ARecord a -> a.getAddress().getHostAddress();
            case AAAARecord aaaa -> aaaa.getAddress().getHostAddress();
            case TXTRecord txt -> String.join("", txt.getStrings());
            case MXRecord mx -> mx.getTarget().toString(true);
            case PTRRecord ptr -> ptr.getTarget().toString(true);
            case NSRecord ns -> ns.getTarget().toString(true);
            default -> record.rdataToString();
        };
    }
}
