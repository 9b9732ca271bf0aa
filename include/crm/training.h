/*
 * Learning what texts are about from texts of which it is known, and measuring how well.
 *
 * The library turns texts into a problem of numbers, and a solution of it into a classifier of the store; the solving is
 * done by a program of its own (crm-classify-train), which the caller runs in between:
 *
 *	crm_training_new(&t, store, &options);
 *	crm_training_add(t, cursor);
 *	while ((status = crm_training_problem(t, fd)) == CRM_OK)
 *		run the program with fd as its input; crm_training_solution(t, its output, length)
 *	crm_training_save(&id, t);
 */
#ifndef CRM_TRAINING_H
#define CRM_TRAINING_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- what goes to the program and comes back: numbers of this machine, one array after the other, without gaps --- */

#define CRM_PROBLEM_MAGIC  "crmprob1"
#define CRM_SOLUTION_MAGIC "crmsolu1"

typedef enum crm_method {
	CRM_SVM,      /* linear, a plane for each label against all others */
	CRM_LOGISTIC, /* the same with the logistic loss */
	CRM_TREE,     /* one that asks which terms are there */
	CRM_FOREST    /* many of them, each of other documents and terms */
} crm_method;

/*
 * A problem: this head, then
 *
 *	uint64_t first[documents + 1]   where the entries of each begin; the last is `entries`
 *	uint32_t label[documents]       what each is about, below `labels`, all of which occur
 *	uint32_t feature[entries]       below `features`, rising within a document
 *	float value[entries]            finite, not 0
 */
typedef struct crm_problem_head {
	char magic[8];
	uint32_t method; /* crm_method */
	uint32_t labels, documents, features;
	uint64_t entries;
	uint64_t seed; /* the same seed and problem give the same solution, on any number of processors */
} crm_problem_head;

/*
 * A solution: this head, then for planes (svm, logistic; `planes` is `labels`, otherwise 0)
 *
 *	float weight[planes][features]
 *	float bias[planes]              the score of label k is weight[k] · values + bias[k]
 *
 * With two labels, one plane is the other one turned round. For trees (otherwise the three numbers are 0)
 *
 *	uint32_t root[trees]
 *	crm_tree_node node[nodes]
 *	crm_tree_vote vote[votes]       the share of a label in a leaf, the largest first; those of a leaf sum to 1
 */
typedef struct crm_solution_head {
	char magic[8];
	uint32_t method;
	uint32_t labels, features;
	uint32_t planes;
	uint32_t trees, nodes, votes;
	uint32_t reserved; /* 0 */
} crm_solution_head;

#define CRM_TREE_LEAF UINT32_MAX

/* Both ways lead to later nodes: a walk ends. */
typedef struct crm_tree_node {
	uint32_t feature; /* CRM_TREE_LEAF: none is asked for */
	uint32_t absent;  /* where to go on when it is not in the document; of a leaf: its first vote */
	uint32_t present; /* where to go on when it is; of a leaf: how many votes it has */
} crm_tree_node;

typedef struct crm_tree_vote {
	uint32_t label;
	float share;
} crm_tree_vote;

#ifdef __cplusplus
}
#endif

#endif
