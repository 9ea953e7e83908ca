// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.core.text.Json;

class NamedObjectsTest {

    /** @param items may be records, too */
    public record Thing(String text, List<Thing> items) {}

    private static final Thing THING = new Thing("{\n  {", List.of(new Thing("x", List.of())));

    private static String named(String text) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (NamedObjects named = new NamedObjects(octets, "a \"node\"")) {
            named.write(text.getBytes(UTF_8));
        }
        return octets.toString(UTF_8);
    }

    @Test
    void eachObjectOnALineGetsTheName() throws Exception {
        String line = Json.line(THING);
        String expected = "{\"node\": \"a \\\"node\\\"\"," + line.substring(1);
        assertThat(named(line + "\n" + line + "\n")).isEqualTo(expected + "\n" + expected + "\n");
    }

    @Test
    void anObjectOverSeveralLinesGetsItOnce() throws Exception {
        assertThat(named(Json.of(THING)))
                .isEqualTo("{\n  \"node\": \"a \\\"node\\\"\"," + Json.of(THING).substring(1));
    }

    @Test
    void eachObjectOfAnArrayGetsItAndNoneInsideOfThem() throws Exception {
        String array = Json.of(List.of(THING, THING));
        assertThat(named(array))
                .isEqualTo(array.replace("\n  {\n    ", "\n  {\n    \"node\": \"a \\\"node\\\"\",\n    "));
        assertThat(named("[]\n")).isEqualTo("[]\n");
    }

    @Test
    void whatIsNoObjectPassesAsItIs() throws Exception {
        assertThat(named("")).isEmpty();
        assertThat(named("\n\ntext { }\n    {\nthe end")).isEqualTo("\n\ntext { }\n    {\nthe end");
    }
}
