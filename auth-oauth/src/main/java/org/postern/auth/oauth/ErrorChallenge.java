// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.oauth;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postern.spi.credential.Octets;

/**
 * Why a server refused a token (RFC 7628 section 3.2.2): a JSON object, of which three members are looked at and the
 * rest is passed over. What the server says is shown in visible ASCII and cut; a server that repeats the token is not
 * quoted.
 *
 * @param text one line for people
 */
record ErrorChallenge(String text) {

    private static final int MOST_OCTETS = 4_096;
    private static final int DEEPEST = 8;
    private static final int LONGEST_VALUE = 100;
    /** As many octets of a token give it away. */
    private static final int TELLTALE = 12;

    private static final List<String> MEMBERS = List.of("status", "scope", "openid-configuration");

    /**
     * Never fails: what cannot be read is called so.
     *
     * @param token what must not be shown
     */
    static ErrorChallenge read(Octets challenge, byte[] token) {
        if (challenge.length() == 0) {
            return new ErrorChallenge("without giving a reason");
        }
        if (challenge.length() > MOST_OCTETS) {
            return new ErrorChallenge("with a reason longer than " + MOST_OCTETS + " octets");
        }
        try {
            Map<String, String> members = members(challenge.toUtf8());
            return new ErrorChallenge(
                    members.isEmpty() ? "with a reason that names no status" : text(members, telltale(token)));
        } catch (IOException | IllegalStateException notJson) {
            return new ErrorChallenge("with a reason that is not JSON");
        }
    }

    private static Map<String, String> members(String json) throws IOException {
        Map<String, String> members = new LinkedHashMap<>();
        JsonReader reader = new JsonReader(new StringReader(json));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(DEEPEST);
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            JsonToken kind = reader.peek();
            if (MEMBERS.contains(name) && (kind == JsonToken.STRING || kind == JsonToken.NUMBER)) {
                members.put(name, reader.nextString());
            } else {
                reader.skipValue();
            }
        }
        reader.endObject();
        return members;
    }

    private static String text(Map<String, String> members, String telltale) {
        return MEMBERS.stream()
                .filter(members::containsKey)
                .map(name -> name + " " + shown(members.get(name), telltale))
                .collect(Collectors.joining(", "));
    }

    private static String shown(String value, String telltale) {
        if (value.contains(telltale)) {
            return "(repeats the token)";
        }
        String safe = value.replaceAll("[^!-~]+", " ").strip();
        return safe.length() <= LONGEST_VALUE ? safe : safe.substring(0, LONGEST_VALUE) + "...";
    }

    private static String telltale(byte[] token) {
        return new String(Arrays.copyOf(token, Math.min(token.length, TELLTALE)), StandardCharsets.US_ASCII);
    }
}
