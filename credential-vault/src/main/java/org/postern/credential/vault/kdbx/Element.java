// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.spi.credential.Secret;

/**
 * An XML element of a vault: inner elements, or text, or a protected value. What nobody here understands stays in it
 * and is written again. Closing it wipes every protected value inside. Not safe for several threads.
 */
public final class Element implements AutoCloseable {

    private final String name;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<Element> children = new ArrayList<>();
    private String text = "";
    private Secret secret;

    /** An element with nothing in it. */
    public Element(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** An element with text. */
    public static Element of(String name, String text) {
        Element element = new Element(name);
        element.text = Objects.requireNonNull(text, "text");
        return element;
    }

    /** An element whose value is encrypted inside the file; it owns the secret from now on. */
    public static Element sealing(String name, Secret secret) {
        Element element = new Element(name);
        element.secret = Objects.requireNonNull(secret, "secret");
        return element;
    }

    /** The name of the tag. */
    public String name() {
        return name;
    }

    /** The attributes as written, but for the one that marks a protected value; changes go through to the element. */
    public Map<String, String> attributes() {
        return attributes;
    }

    /** The inner elements in order; changes go through to the element. */
    public List<Element> children() {
        return children;
    }

    /** The inner elements of this name. */
    public Stream<Element> children(String wanted) {
        return children.stream().filter(child -> child.name.equals(wanted));
    }

    /** The first inner element of this name. */
    public Optional<Element> child(String wanted) {
        return children(wanted).findFirst();
    }

    /** The text of the first inner element of this name; empty where there is none. */
    public String textOf(String wanted) {
        return child(wanted).map(Element::text).orElse("");
    }

    /** Puts text into the first inner element of this name, which is made where there is none. */
    public void put(String wanted, String value) {
        child(wanted).ifPresentOrElse(child -> child.text = value, () -> add(of(wanted, value)));
    }

    /** Appends an inner element and answers it. */
    public Element add(Element child) {
        children.add(child);
        return child;
    }

    /** The text, from a protected value too; for what is no secret. */
    public String text() {
        return secret == null ? text : secret.reveal(octets -> new String(octets, StandardCharsets.UTF_8));
    }

    /** Whether the value is encrypted inside the file. */
    public boolean isSealed() {
        return secret != null;
    }

    /** A secret of the caller's own: the protected value, or the text where another tool left it unprotected. */
    public Secret toSecret() {
        return secret == null ? Secret.of(text) : secret.copy();
    }

    /** An element of its own with the same content. */
    public Element copy() {
        Element copy = new Element(name);
        copy.attributes.putAll(attributes);
        copy.text = text;
        copy.secret = secret == null ? null : secret.copy();
        children.forEach(child -> copy.add(child.copy()));
        return copy;
    }

    Secret secret() {
        return secret;
    }

    void text(String value) {
        text = value;
    }

    void seal(Secret value) {
        text = "";
        secret = value;
    }

    @Override
    public void close() {
        if (secret != null) {
            secret.close();
        }
        children.forEach(Element::close);
    }

    /** The name only: the content may be confidential. */
    @Override
    public String toString() {
        return "<" + name + ">";
    }
}
