// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StanzaPublisherTest {

    private static final String PID = "org.postern.intake.smtp";

    @TempDir
    Path directory;

    private final FakeConfigurationAdmin admin = new FakeConfigurationAdmin();
    private final StanzaPublisher publisher = new StanzaPublisher(admin, Set.of("org.example.idle"));
    private Folder folder;

    @BeforeEach
    void open() {
        folder = new Folder(directory);
    }

    private void publish(String text) {
        admin.touches.clear();
        publisher.publish(folder.load(text));
    }

    private Object property(String key) {
        return admin.configurations.get(PID).properties.get(key);
    }

    @Test
    void handsOverAStanzaWithItsDirectoryAndGeneration() {
        publish("ESMTP_Listener { Concurrency = 5 Listen a {} }");
        assertThat(property("concurrency")).isEqualTo("5");
        assertThat(property("listen")).isEqualTo(new String[] {"a"});
        assertThat(property("postern.config.directory")).isEqualTo(directory.toString());
        assertThat(property("postern.config.generation")).isEqualTo(1L);
    }

    @Test
    void touchesOnlyWhatDiffers() {
        publish("ESMTP_Listener { Concurrency = 5 Listen a {} } Datasource x { Uri = u }");
        assertThat(admin.touches).containsExactlyInAnyOrder("update " + PID, "update org.postern.datasource~x");
        publish("# moved\nDatasource x { Uri = u }\nESMTP_Listener { Listen a {} Concurrency = 5 }");
        assertThat(admin.touches).isEmpty();
        publish("ESMTP_Listener { Listen a {} Concurrency = 6 } Datasource x { Uri = u }");
        assertThat(admin.touches).containsExactly("update " + PID);
    }

    @Test
    void deletesWhatIsGone() {
        publish("ESMTP_Listener { } Datasource x { } Datasource y { }");
        publish("Datasource y { }");
        assertThat(admin.touches).containsExactlyInAnyOrder("delete " + PID, "delete org.postern.datasource~x");
    }

    @Test
    void handsNothingToBundlesThatAreToStayIdle() {
        new StanzaPublisher(admin, Set.of("org.postern.intake.smtp", "org.postern.data"))
                .publish(folder.load("ESMTP_Listener { } Datasource x { }"));
        assertThat(admin.configurations).containsOnlyKeys("org.postern.datasource~x");
    }

    @Test
    void leavesConfigurationsOfOthersAlone() throws Exception {
        admin.getConfiguration("other", "?").update(new Hashtable<>());
        publish("");
        assertThat(admin.configurations).containsOnlyKeys("other");
    }

    @Test
    void survivesAFailingConfigurationAdmin() {
        admin.failing = true;
        publish("ESMTP_Listener { }");
        admin.failing = false;
        publish("ESMTP_Listener { }");
        assertThat(admin.configurations).containsOnlyKeys(PID);
    }
}
