// SPDX-License-Identifier: Apache-2.0
/** What a failure means. Nothing outside this package decides that. */
package org.postern.core.outcome;
