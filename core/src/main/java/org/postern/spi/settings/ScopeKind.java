// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

/** The kinds of place a setting can be written in. */
public enum ScopeKind {
    /** Outside every stanza. */
    GLOBAL,
    /** {@code Domain}, outside bindings and groups. */
    DOMAIN,
    /** {@code Binding}, outside groups. */
    BINDING,
    /** {@code Domain} inside a {@code Binding}. */
    BINDING_DOMAIN,
    /** {@code Binding_Group}. */
    GROUP,
    /** {@code Domain} inside a {@code Binding_Group}. */
    GROUP_DOMAIN,
    /** {@code Binding} inside a {@code Binding_Group}. */
    GROUP_BINDING,
    /** {@code Domain} inside a {@code Binding} inside a {@code Binding_Group}. */
    GROUP_BINDING_DOMAIN
}
