/*
 * Learning what texts are about from texts of which it is known, and measuring how well.
 *
 * The library turns texts into a problem of numbers, and a solution of it into a classifier of the store; the solving is
 * done by a program of its own (crm-classify-train), which the caller runs in between:
 *
 *	crm_training_new(&t, store, &options);
 *	crm_training_add(t, rows);
 *	crm_training_begin(t);
 *	while ((status = crm_training_problem(t, fd)) == CRM_OK)
 *		run the program with `fd` as its input, and crm_training_solution(t, what it writes, length);
 *	crm_training_save(&id, t);
 */
#ifndef CRM_TRAINING_H
#define CRM_TRAINING_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- measuring --- */

typedef struct crm_evaluation crm_evaluation;

typedef enum crm_evaluation_part {
	/*
	 * One row: n, train_n, test_n, labels, accuracy, macro_f1, majority (accuracy of always saying the most frequent
	 * label), seconds, log_loss, calibration_error, threshold, unknown, known_accuracy; all but numbers of texts and
	 * seconds from 0 to 1, empty where nothing was asked.
	 */
	CRM_EVALUATION_SUMMARY,
	CRM_EVALUATION_LABELS,    /* each label, by its name: label, n, precision, recall, f1; 0 / 0 is empty */
	CRM_EVALUATION_CONFUSION, /* label, predicted, n: how many texts of it were told to have which; not the zeros */
	CRM_EVALUATION_MISTAKES,  /* the same of the most frequent mistakes alone, the most frequent first */
	CRM_EVALUATION_MATRIX     /* label, then a column for each label: all of it as a matrix */
} crm_evaluation_part;

/* Rows of it; they live no longer than the evaluation. CRM_NOMEM. */
CRM_API int crm_evaluation_rows(crm_cursor **out, crm_evaluation *e, crm_evaluation_part part);
CRM_API size_t crm_evaluation_labels(const crm_evaluation *e); /* how many labels */
CRM_API void crm_evaluation_free(crm_evaluation *e);

/*
 * Asks a classifier of the store, by NAME or NAME@VERSION (NULL: the only one), about rows whose last column is the label
 * and whose others are the text; takes over `rows` in any case. Texts with a label that it does not know are mistakes, and
 * told by a warning. CRM_INVALID: no row has both; otherwise as in <crm/classify.h>.
 */
CRM_API int crm_classifier_evaluate(crm_evaluation **out, crm_store *s, const char *model, crm_cursor *rows);

/* The columns that it has learnt to read, with commas, and the one that it tells; both owned by the caller (free). */
CRM_API int crm_classifier_columns(char **text, char **label, crm_store *s, const char *model);

/* --- training --- */

typedef struct crm_training crm_training;

typedef struct crm_training_options {
	const char *name;                      /* of the classifier */
	const char *method;                    /* "svm", "logistic", "tree", "forest"; NULL: svm */
	const char *learnt_from;               /* what the record of the classifier says: an entity or a file, */
	const char *text_fields, *label_field; /* the fields or columns, with commas, */
	const char *filter;                    /* and which records, in stored form; NULL: all */
	double test;                           /* share of each label that is held out, 0 to 0.9; 0: no evaluation */
	uint64_t seed;
	int threshold; /* percent, 0 to 100: a label that is less probable is unknown */
} crm_training_options;

/* The options are copied. CRM_INVALID names the one that is refused. */
CRM_API int crm_training_new(crm_training **out, crm_store *s, const crm_training_options *opt);
CRM_API void crm_training_free(crm_training *t);

/*
 * Takes rows whose last column is the label and whose others are the text; takes over `rows` in any case. Those without
 * text or label are left out, and counted in a warning.
 */
CRM_API int crm_training_add(crm_training *t, crm_cursor *rows);

/* After the last one: parts what is learnt from what is held out. CRM_INVALID: there is nothing to tell apart. */
CRM_API int crm_training_begin(crm_training *t);

/*
 * Writes the next problem to a descriptor, from where it stands; the solution is asked for next. CRM_END: there are no
 * more. One without what is held out, to measure and to calibrate by, then one of everything, which is what is kept.
 */
CRM_API int crm_training_problem(crm_training *t, int fd);

/* CRM_FAILED: it is no solution of the problem. */
CRM_API int crm_training_solution(crm_training *t, const void *bytes, size_t len);

/* What the held-out part said; borrowed. Without one there are no figures, but n and labels. */
CRM_API crm_evaluation *crm_training_evaluation(crm_training *t);

/* Keeps it as the next version of its name, within the open operation or one of its own; *id is the record. */
CRM_API int crm_training_save(int64_t *id, crm_training *t);

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
