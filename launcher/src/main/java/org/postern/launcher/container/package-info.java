// SPDX-License-Identifier: Apache-2.0
/** Apache Felix with the assembly inside: starting it, asking what runs, stopping it. */
package org.postern.launcher.container;
