// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.io.PrintStream;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.postern.core.cluster.Answering;
import org.postern.core.cluster.OtherNodes;
import org.postern.core.cluster.VerbResult;

/** Runs here what operators want done on all nodes: the verbs that say so, and no other. */
@Component(immediate = true, service = VerbsForOthers.class)
public final class VerbsForOthers implements Answering.Verbs {

    private static final int FAILED = 1;

    private final OtherNodes others;
    private final List<NodeVerb> verbs;

    /** Made by Declarative Services. */
    @Activate
    public VerbsForOthers(
            @Reference OtherNodes others,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) List<NodeVerb> verbs) {
        this.others = others;
        this.verbs = List.copyOf(verbs);
        others.answerBy(this);
    }

    @Deactivate
    void deactivate() {
        others.answerBy(NONE);
    }

    @Override
    public VerbResult run(List<String> words, PrintStream out, PrintStream err) throws InterruptedException {
        for (NodeVerb verb : verbs) {
            if (verb.verb().equals(words.getFirst())) {
                return verb.runHere(words.subList(1, words.size()), out, err);
            }
        }
        err.println("postern: this node runs no verb " + words.getFirst() + " for others");
        return VerbResult.of(FAILED);
    }
}
