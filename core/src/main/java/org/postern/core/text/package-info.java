// SPDX-License-Identifier: Apache-2.0
/** How verbs print what programs read. */
package org.postern.core.text;
