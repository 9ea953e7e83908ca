// SPDX-License-Identifier: Apache-2.0
package org.postern.spi;

import aQute.bnd.service.diff.Delta;
import aQute.bnd.service.diff.Tree;
import aQute.bnd.service.diff.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * A tree of bnd as lines: indentation, kind, what adding and what removing it would mean, name. One line for each part of
 * an interface, so that a change of it reads in a diff as what it is.
 */
final class ApiText {

    private static final List<String> HEADER = List.of(
            "# SPDX-License-Identifier: Apache-2.0",
            "# Written by ./dev baseline; later versions of the package are compared with it.");

    private final List<String> lines;
    private int at;

    private ApiText(List<String> lines) {
        this.lines = lines;
    }

    static List<String> print(Tree.Data tree) {
        List<String> lines = new ArrayList<>(HEADER);
        print(tree, 0, lines);
        return lines;
    }

    private static void print(Tree.Data part, int depth, List<String> lines) {
        lines.add(" ".repeat(depth) + part.type + " " + part.add + " " + part.rem + " " + part.name);
        if (part.children != null) {
            for (Tree.Data child : part.children) {
                // What the JDK that compiles has noted for itself differs from one to the next.
                if (!child.name.startsWith("jdk.internal.")) {
                    print(child, depth + 1, lines);
                }
            }
        }
    }

    static Tree.Data parse(List<String> lines) {
        return new ApiText(lines.stream().filter(line -> !line.startsWith("#")).toList()).part(0);
    }

    private Tree.Data part(int depth) {
        String[] words = lines.get(at++).substring(depth).split(" ", 4);
        Tree.Data part = new Tree.Data();
        part.type = Type.valueOf(words[0]);
        part.add = Delta.valueOf(words[1]);
        part.rem = Delta.valueOf(words[2]);
        part.name = words[3];
        List<Tree.Data> children = new ArrayList<>();
        while (at < lines.size() && depthOf(lines.get(at)) == depth + 1) {
            children.add(part(depth + 1));
        }
        part.children = children.toArray(Tree.Data[]::new);
        return part;
    }

    private static int depthOf(String line) {
        return line.length() - line.stripLeading().length();
    }
}
