export const zh = {
  history: {
    older: (n: number) => `更早的 ${n} 次`,
    me: '我',
    someone: '同事',
    correct: '改这一条',
    void: '作废',
    voidTitle: '作废这一条',
    voidLead: '作废后这次不算数，记录还留着底。',
    reason: '为什么',
    voided: '已作废',
    unsent: '待上传',
    held: '待核对',
    waitingServer: '等服务器',
  },
  wish: {
    wishNoVisits: '暂不上门，到',
    wishOnly: '只记结果',
    wishOnlyHint: '不写备注，不记重点关注',
    wishLift: '取消要求',
    wishSaved: '要求已记好',
  },
  reason: {
    wrong_door: '记错户了',
    wrong_outcome: '结果点错了',
    duplicate: '记重了',
    other: '其他原因',
  },
};
