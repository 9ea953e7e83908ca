// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postern.policy.lua.datasource.Consultations;
import org.postern.policy.lua.datasource.Datasources;
import org.postern.policy.lua.outside.Libraries;
import org.postern.policy.lua.script.ScriptException;
import org.postern.spi.settings.SettingsSnapshot;

/** The hooks of scripts in a folder, without a container. */
final class Hooks implements AutoCloseable {

    private final Path folder;
    private final List<String> scripts = new ArrayList<>();
    private final ReloadSignal reloads = new ReloadSignal();
    private final Map<String, Object> properties = new java.util.HashMap<>();
    private ConfigurationOfScopes scopes = new ConfigurationOfScopes();
    private Libraries outside = new Libraries(new Datasources(), new Consultations());
    private LuaHooks hooks;

    Hooks(Path folder) {
        this.folder = folder;
        properties.put("postern.config.directory", folder.toString());
    }

    Hooks with(ConfigurationOfScopes configuration) {
        scopes = configuration;
        return this;
    }

    Hooks asking(Datasources datasources, Consultations consultations) {
        outside.close();
        outside = new Libraries(datasources, consultations);
        return this;
    }

    Hooks option(String name, String value) {
        properties.put(name, value);
        return this;
    }

    Hooks script(String name, String text) {
        write(name, text);
        scripts.add(name);
        properties.put("script", scripts.toArray(String[]::new));
        properties.put("script/" + name + "/source", name);
        return this;
    }

    void write(String name, String text) {
        try {
            Files.write(folder.resolve(name + ".lua"), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Hooks start() {
        hooks = new LuaHooks(scopes, reloads, outside, properties);
        return this;
    }

    LuaHooks hooks() {
        return hooks;
    }

    /** Another configuration is in force, with the stanza as it was. */
    void reload() {
        reloads.changed(SettingsSnapshot.empty());
    }

    /** The stanza as it is now. */
    void modify() {
        hooks.configure(properties);
    }

    FakeMessage run() throws ScriptException {
        FakeMessage message = new FakeMessage();
        run(message);
        return message;
    }

    void run(FakeMessage message) throws ScriptException {
        hooks.configure(message, message);
    }

    @Override
    public void close() {
        hooks.close();
        outside.close();
    }
}
