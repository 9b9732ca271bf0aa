/* Classifiers: what texts are about, learnt from texts of which it is known. A record is one training. */
#include "model/entity.h"

static const struct word methods[] = {
	WORD("svm", NULL),
	WORD("logistic", "逻辑回归"),
	WORD("tree", "决策树"),
	WORD("forest", "随机森林"),
};

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the training"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND, "Name", "what it is called", .synonyms = "名称"),
	FIELD("version", CRM_INTEGER, MUST | LIST, "Version", "which training of this name: the last is in use",
		.synonyms = "版本"),
	FIELD("method", CRM_ENUM, MUST | LIST, "Method", "how it learnt", WORDS(methods), .synonyms = "方法"),
	FIELD("learnt_from", CRM_TEXT, MUST | LIST, "From", "the records or the file that it learnt from",
		.alias = "learnt-from", .synonyms = "从"),
	FIELD("text_fields", CRM_TEXT, MUST, "Text", "fields or columns that it reads", .alias = "text-fields",
		.synonyms = "正文"),
	FIELD("label_field", CRM_TEXT, MUST | LIST, "Label", "the field or column that it tells",
		.alias = "label-field", .synonyms = "标签"),
	FIELD("filter_terms", CRM_TEXT, EDIT, "Filter", "which records it learnt from", .alias = "filter-terms",
		.synonyms = "筛选"),
	FIELD("labels", CRM_INTEGER, MUST | LIST, "Labels", "how many labels it knows", .synonyms = "标签数"),
	FIELD("documents", CRM_INTEGER, MUST | LIST, "Documents", "texts that it learnt from", .synonyms = "文档数"),
	FIELD("threshold", CRM_INTEGER, MUST, "Threshold", "percent: a label that is less probable is unknown",
		.synonyms = "阈值"),
	FIELD("accuracy", CRM_REAL, EDIT | LIST, "Accuracy", "share of the held-out texts that it told right, 0 to 1",
		.synonyms = "准确率"),
	FIELD("evaluation", CRM_TEXT, EDIT | FIELD_LONG, "Evaluation", "what the held-out texts said, as JSON",
		.synonyms = "评估"),
	FIELD("format", CRM_INTEGER, MUST, "Format", "form of the weights", .synonyms = "格式"),
	FIELD("weights", CRM_TEXT, MUST | FIELD_LONG | FIELD_PACKED, "Weights", "what it learnt, packed",
		.synonyms = "权重数据"),
	FIELD("created_at", CRM_TIME, AUTO | LIST, "Trained", "when it was trained", .synonyms = "训练时间"),
};

const struct crm_entity entity_classifier = {
	.name = N_("classifier"),
	.plural = N_("classifiers"),
	.table = "classifier",
	.help = N_("what texts are about, learnt from texts of which it is known"),
	FIELDS(fields),
	.order = "name,version",
};
