// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.script;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.policy.lua.library.Chunks;
import org.postern.policy.lua.run.Prototype;
import org.postern.policy.lua.syntax.SyntaxError;

/**
 * A script with everything that it requires, as it was read once: instances that are made later are made of the same text.
 */
public final class Program implements Chunks {

    private final ScriptFolders folders;
    private final SourceFile main;
    private final Prototype chunk;
    private final Map<String, Optional<SourceFile>> required = new ConcurrentHashMap<>();
    private final Map<String, Prototype> compiled = new ConcurrentHashMap<>();

    private Program(ScriptFolders folders, SourceFile main, Prototype chunk) {
        this.folders = folders;
        this.main = main;
        this.chunk = chunk;
    }

    /**
     * Reads a script and compiles it.
     *
     * @param source where it is, as its stanza says
     * @throws ScriptException if there is none, it cannot be read, or is no Lua
     */
    public static Program read(ScriptFolders folders, String source) throws ScriptException {
        SourceFile main = folders.script(source);
        try {
            return new Program(folders, main, main.compile());
        } catch (SyntaxError wrong) {
            throw new ScriptException(wrong.getMessage());
        }
    }

    Prototype chunk() {
        return chunk;
    }

    @Override
    public Optional<Prototype> find(String name) throws SyntaxError {
        Optional<SourceFile> file = required.computeIfAbsent(name, folders::required);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Prototype known = compiled.get(name);
        if (known == null) {
            known = file.get().compile();
            compiled.put(name, known);
        }
        return Optional.of(known);
    }

    /** Whether the files say today what they said when this was read. */
    boolean isCurrent(String source) {
        try {
            return folders.script(source).equals(main)
                    && required.entrySet().stream()
                            .allMatch(entry -> folders.required(entry.getKey()).equals(entry.getValue()));
        } catch (ScriptException gone) {
            return false;
        }
    }
}
