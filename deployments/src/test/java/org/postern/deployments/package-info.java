// SPDX-License-Identifier: Apache-2.0
/** The bundles that ship, in containers that are not ours. */
package org.postern.deployments;
