// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import java.net.http.HttpClient;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.postern.policy.lua.datasource.Consultations;
import org.postern.policy.lua.datasource.Datasources;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.text.Base64Library;
import org.postern.policy.lua.text.JsonLibrary;
import org.postern.policy.lua.text.PcreLibrary;

/** What a state is given beside the language and the message. A service within the bundle. */
@Component(service = Libraries.class)
public final class Libraries {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final Datasources datasources;
    private final Consultations consultations;
    private final Locks locks = new Locks();
    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();

    /** Made by Declarative Services. */
    @Activate
    public Libraries(@Reference Datasources datasources, @Reference Consultations consultations) {
        this.datasources = datasources;
        this.consultations = consultations;
    }

    /**
     * Puts them into a state. A {@link org.postern.spi.policy.MessageView} that is attached to the state while it runs
     * tells on whose behalf it asks.
     *
     * @param folders whose files it may read
     */
    public void open(LuaState state, ReadableFolders folders) {
        Base64Library.open(state);
        JsonLibrary.open(state);
        PcreLibrary.open(state);
        DatabaseLibrary.open(state, datasources, consultations);
        HttpLibrary.open(state, () -> http);
        FileLibrary.open(state, folders);
        DnsLibrary.open(state);
        WaitingLibrary.open(state, locks);
    }

    /** Ends connections. */
    @Deactivate
    public void close() {
        http.shutdownNow();
    }
}
