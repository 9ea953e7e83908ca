// SPDX-License-Identifier: Apache-2.0
/**
 * Feeds what strangers write to what reads it. {@link org.postern.fuzz.Target} lists the readers,
 * {@link org.postern.fuzz.CorpusTest} tries each with its corpus and some thousand variations of it in the ordinary tests,
 * {@link org.postern.fuzz.Fuzz} lets Jazzer search for longer. The bodies of the targets live in the packages that they
 * look into.
 */
package org.postern.fuzz;
